package dev.sluice.runtime;

/// A layer of a [Sequential] network: a description without memory of its own, safe to share and to
/// use again.
public sealed interface Layer permits Recurrent, Linear {}
