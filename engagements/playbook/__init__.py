"""The texts of the playbook that comes with the portal."""
