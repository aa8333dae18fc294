"""A lively, plainly fictitious demonstration, made by the product's own verbs."""
