//! `envdoctor hook`: prints what makes a shell or direnv ask by itself.

use std::io::{self, Write};

use super::args::Home;
use super::{Failure, OK};

pub(super) fn hook(home: Home) -> Result<u8, Failure> {
    let text = match home {
        Home::Bash => include_str!("hook/hook.bash"),
        Home::Fish => include_str!("hook/hook.fish"),
        Home::Zsh => include_str!("hook/hook.zsh"),
        Home::Direnv => include_str!("hook/direnv.sh"),
    };
    match io::stdout().lock().write_all(text.as_bytes()) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => Err(Failure(format!("stdout: {error}"))),
        _ => Ok(OK),
    }
}
