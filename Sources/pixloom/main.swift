import ArgumentParser
import Glibc
import SystemCalls

StandardDescriptors.ensureOpen()
CurrentProcess.keepFreedMemory()

// Before anything else: code for a newer processor would end in SIGILL without a word.
if let lack = ProcessorLevel.missing {
    Terminal.writeError(
        "pixloom: this build needs \(lack), which this processor lacks; build it here with 'make release'"
    )
    exit(ExitCode.environment.rawValue)
}

switch CommandWords.all {
case []:
    Terminal.writeError("usage:\n\(Pixloom.usage)\nsee 'pixloom --help'")
    exit(ExitCode.usage.rawValue)
case ["-h"], ["--help"], ["help"]:
    // What the default command takes, which is what people look for.
    Terminal.writeOutput(Pixloom.helpMessage(for: Convert.self))
    exit(Terminal.exitCode.rawValue)
default: break
}

do {
    var command = try Pixloom.parseAsRoot(CommandWords.all)
    try command.run()
    exit(Terminal.exitCode.rawValue)
} catch let error as Failure {
    Terminal.writeError("pixloom: \(error.message)")
    exit(error.code.rawValue)
} catch {
    let code = Pixloom.exitCode(for: error)
    guard !code.isSuccess else {
        Terminal.writeOutput(Pixloom.fullMessage(for: error))
        exit(Terminal.exitCode.rawValue)
    }
    Terminal.writeError("pixloom: \(UsageMessage.plain(Pixloom.message(for: error)))")
    Terminal.writeError("see 'pixloom --help'")
    exit(ExitCode.usage.rawValue)
}
