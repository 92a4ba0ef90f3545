"""What happens: scenario, plan and seed in, a log out. The only user of SimPy."""
