"""People at the table: journals of orders, and their replay."""
