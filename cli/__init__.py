"""What can a person at a terminal ask Starling to do? One file a command."""
