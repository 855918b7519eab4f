/// What this machine can do at most, measured: the limits that a cell's speed is held against.
@org.jspecify.annotations.NullMarked
package dev.sluice.cli.ceilings;
