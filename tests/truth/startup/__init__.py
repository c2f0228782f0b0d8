"""What really runs: generated site directories under real interpreters, compared with the surface."""
