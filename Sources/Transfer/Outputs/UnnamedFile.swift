internal import Synchronization
internal import SystemCalls

/// A file that is written in full and has no name: whatever ends the process, nothing is left of it.
///
/// It costs less than one with a temporary name: the folder is changed once and not twice.
struct UnnamedFile: ~Copyable, Sendable {
    private let descriptor: OwnedDescriptor
    private let folder: OpenFolder
    private let permit: DescriptorAllowance.Permit

    /// Writes a file in the folder where it is going to be.
    ///
    /// - Parameters:
    ///   - bytes: What it is to contain.
    ///   - folder: The folder.
    ///   - permit: Lets it hold a descriptor.
    /// - Returns: nil where there are no such files.
    /// - Throws: What the system reports.
    static func write(
        _ bytes: Span<UInt8>, in folder: OpenFolder, permit: consuming DescriptorAllowance.Permit
    ) throws(TransferError) -> UnnamedFile? {
        guard let descriptor = try folder.makeUnnamedFile() else { return nil }
        try descriptor.writeAll(bytes)
        return UnnamedFile(descriptor: descriptor, folder: folder, permit: permit)
    }

    private init(
        descriptor: consuming OwnedDescriptor, folder: OpenFolder,
        permit: consuming DescriptorAllowance.Permit
    ) {
        self.descriptor = descriptor
        self.folder = folder
        self.permit = permit
    }

    /// Gives the file a name in the folder; ``TransferError/exists`` if there is one.
    consuming func name(_ name: BytePath) throws(TransferError) {
        try folder.name(descriptor, name)
        do throws(TransferError) {
            try descriptor.closeChecked()
        } catch {
            try? folder.remove(name)
            throw error
        }
    }
}

/// How many files without a name may be open at a time.
final class DescriptorAllowance: Sendable {
    private let free: Atomic<Int>

    init(count: Int) {
        free = Atomic(count)
    }

    /// The right to hold one descriptor, given back with its owner.
    struct Permit: ~Copyable, Sendable {
        private let allowance: DescriptorAllowance

        fileprivate init(_ allowance: DescriptorAllowance) { self.allowance = allowance }

        deinit { allowance.free.add(1, ordering: .relaxed) }
    }

    /// Takes a permit; nil if none is left.
    func take() -> Permit? {
        guard free.subtract(1, ordering: .relaxed).oldValue > 0 else {
            free.add(1, ordering: .relaxed)
            return nil
        }
        return Permit(self)
    }
}
