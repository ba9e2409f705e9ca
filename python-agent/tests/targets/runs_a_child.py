"""Runs Python in a subprocess: directly, through sh, with a preexec function."""
import subprocess
import sys

print(subprocess.run([sys.executable, "-c", "import sys; print(sys.path[0] == '', sys.argv)", "a"],
                     stdout=subprocess.PIPE).stdout)
print(subprocess.run('"%s" -c "print(1); raise SystemExit(3)"' % sys.executable, shell=True,
                     stdout=subprocess.PIPE))
print(subprocess.run([sys.executable, "-c", "print(2)"], preexec_fn=int, stdout=subprocess.PIPE).stdout)
