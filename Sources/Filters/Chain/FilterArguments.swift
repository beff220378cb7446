/// The arguments of one filter: what was given, completed by the defaults, each checked against
/// its parameter.
struct FilterArguments {
    private let definition: FilterDefinition
    private let values: [String: String]

    /// Checks what was given for a filter.
    ///
    /// - Parameters:
    ///   - definition: The filter.
    ///   - value: What stands after the colon, if it is no pair.
    ///   - pairs: The keys and their values, in order.
    /// - Throws: A usage error that says what is allowed.
    init(
        of definition: FilterDefinition, value: String?, pairs: [(key: String, value: String)]
    ) throws(FilterError) {
        self.definition = definition
        var values: [String: String] = [:]
        if let value {
            guard let parameter = definition.value else {
                throw .unexpectedArgument(filter: definition.name, argument: value)
            }
            values[parameter.name] = value
        }
        for pair in pairs {
            guard definition.keys.contains(where: { $0.name == pair.key }) else {
                throw .unknownKey(
                    filter: definition.name, key: pair.key, known: definition.keys.map(\.name))
            }
            guard values.updateValue(pair.value, forKey: pair.key) == nil else {
                throw .unexpectedArgument(
                    filter: definition.name, argument: "\(pair.key)=\(pair.value)")
            }
        }
        for parameter in definition.parameters {
            guard let value = values[parameter.name] ?? parameter.defaultValue else {
                throw .missingArgument(
                    filter: definition.name, key: parameter.name, allowed: parameter.allowed)
            }
            values[parameter.name] = value
            // A default may be a word that stands for something else, as `sum`.
            guard value == parameter.defaultValue || parameter.allows(value) else {
                throw .invalidArgument(
                    filter: definition.name, key: parameter.name, value: value,
                    allowed: parameter.allowed)
            }
        }
        self.values = values
    }

    /// The text of a parameter of the definition.
    subscript(_ name: String) -> String {
        guard let value = values[name] else {
            preconditionFailure("filter \(definition.name) declares no \(name)")
        }
        return value
    }

    /// The number of a `.number` parameter.
    func number(_ name: String) -> Double {
        guard let number = FilterParameter.number(self[name]) else {
            preconditionFailure("\(name) of \(definition.name) is declared as a number")
        }
        return number
    }

    /// The number of an `.integer` parameter.
    func integer(_ name: String) -> Int {
        guard let number = Int(self[name]) else {
            preconditionFailure("\(name) of \(definition.name) is declared as a whole number")
        }
        return number
    }

    /// The colour of a `.color` parameter, nil where its default is no colour.
    func color(_ name: String) -> Color? { Color(self[name]) }

    /// The error for a `.text` value that the filter can't read.
    func invalid(_ name: String, allowed: String? = nil) -> FilterError {
        let parameter = definition.parameters.first { $0.name == name }
        return .invalidArgument(
            filter: definition.name, key: name, value: self[name],
            allowed: allowed ?? parameter?.allowed ?? "")
    }
}
