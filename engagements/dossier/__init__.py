"""What may leave the house for the customer's security team."""
