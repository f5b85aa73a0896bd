//! The catalog client against the emulator, or the server that `MZ_HOST` names.
