import Glibc
import Workers

// The child of pixloom in `--mode processes`; it is of no use by itself.
exit(WorkerService.run(CommandLine.arguments))
