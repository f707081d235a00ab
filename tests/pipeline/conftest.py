import sys
from pathlib import Path

# Worker processes import what they run by name, so the fakes must be importable.
sys.path.insert(0, str(Path(__file__).parent))
