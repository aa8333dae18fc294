"""Reading the data files of this app into its tables; every loader may be run again at any time."""
