import Glibc

// A worker that lies as the name says that it is started under, as in `misbehave-crash-on-7x5`. Its
// environment is empty, so there is no other way to tell it; make symbolic links to it.
let name = CommandLine.arguments.first?.split(separator: "/").last.map(String.init) ?? ""
guard let lie = Lie(name: name) else {
    fatalError("\(name) is no name of a lie, as in misbehave-crash or misbehave-crash-on-7x5")
}
exit(MisbehavingWorker(lie).run(CommandLine.arguments))
