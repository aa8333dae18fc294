"""What is true of the country: units over time, legal documents, working days, đồng, Vietnamese text."""
