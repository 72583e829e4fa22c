//! A command as a person would type it.

/// The command with each word quoted that a shell would read otherwise.
pub fn command_line(argv: &[String]) -> String {
    let quoted = argv.iter().map(|word| {
        let plain = |c: char| c.is_ascii_alphanumeric() || "-_./:=@%+,#~^".contains(c);
        if !word.is_empty() && word.chars().all(plain) {
            word.clone()
        } else {
            format!("'{}'", word.replace('\'', r"'\''"))
        }
    });
    quoted.collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_command_is_quoted_where_a_shell_would_read_it_otherwise() {
        let argv = ["nix", "run", ".#a b", "it's", ""].map(str::to_owned);
        assert_eq!(command_line(&argv), r"nix run '.#a b' 'it'\''s' ''");
    }
}
