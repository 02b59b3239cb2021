"""People, their dated memberships, how they sign in, and the personal links that letters carry."""
