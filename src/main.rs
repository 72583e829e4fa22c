//! An environment doctor; everything is in the library.

use std::process::ExitCode;

fn main() -> ExitCode {
    envdoctor::cli::main()
}
