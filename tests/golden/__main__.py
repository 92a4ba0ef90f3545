"""Write the golden file anew: ``python -m tests.golden``. A person reads the diff."""

import json

from tests.golden.test_golden import FILE, found

if __name__ == "__main__":
    FILE.write_text(json.dumps(found(), indent=1, ensure_ascii=False) + "\n")
