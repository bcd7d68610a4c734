"""Engine of the default connection while no instance is connected."""
