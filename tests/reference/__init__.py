"""What the fast simulation is compared with: small farms, and a life told in plain loops."""
