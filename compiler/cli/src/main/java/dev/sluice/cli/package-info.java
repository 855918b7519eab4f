/// The commands.
package dev.sluice.cli;
