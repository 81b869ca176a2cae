"""What AWS offers: services, actions, resource types, condition keys, and its managed policies."""
