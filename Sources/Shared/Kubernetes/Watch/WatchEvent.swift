/// What a consumer of a watch learns. Applied in order to an empty store, they keep it equal to the server's.
package enum WatchEvent<Object: Sendable>: Sendable {
  /// A whole list: it takes the place of everything known before. Only complete lists are told.
  case replaced([Object])
  /// Added or changed.
  case applied(Object)
  /// The last state before the deletion.
  case deleted(Object)
}

extension WatchEvent: Equatable where Object: Equatable {}
