"""What tests are built with: factories for packages, real interpreters, the no-execution guard."""
