"""What wheelwatch costs on a real corpus, beside what the work costs at least and what its peers take."""
