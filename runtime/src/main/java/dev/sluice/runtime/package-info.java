/// What users call.
///
/// [dev.sluice.runtime.Recurrent] and [dev.sluice.runtime.Linear] describe layers,
/// [dev.sluice.runtime.Sequential] makes a network of them and owns its
/// [dev.sluice.runtime.Weights]. A [dev.sluice.runtime.Session] runs it, a
/// [dev.sluice.runtime.Training] runs it forward and back.
///
/// Threads: descriptions, networks and weights may be shared; a session, a training session with
/// its gradients, and an optimiser belong to one thread at a time. A change of the weights waits
/// for the passes that run and is seen by all that start later.
///
/// Memory: networks and sessions hold memory off the heap until they are closed.
package dev.sluice.runtime;
