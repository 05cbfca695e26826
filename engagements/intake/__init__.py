"""What a delivery of usage looks like, and how CSV and JSON become rows. Knows no database and no clock."""
