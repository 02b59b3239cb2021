"""The operator, partner services, companies and agencies: names, numbers and places."""
