//! Versions in what `--version` prints.

/// The first version in a tool's answer, such as `2.39.5` in `git version 2.39.5 (Apple Git-154)`.
pub(super) fn version(text: &str) -> Option<String> {
    let mut depth = 0_usize;
    let plain: String = text
        .chars()
        .filter(|&c| {
            match c {
                '(' => depth += 1,
                ')' => {
                    depth = depth.saturating_sub(1);
                    return false;
                }
                _ => {}
            }
            depth == 0
        })
        .collect();
    plain.split_whitespace().find_map(word)
}

fn word(word: &str) -> Option<String> {
    let word = word.strip_prefix('v').unwrap_or(word).trim_end_matches([',', ';', '.']);
    if !word.starts_with(|c: char| c.is_ascii_digit()) || !word.contains('.') {
        return None;
    }
    // asdf puts the commit that it was built from behind its version.
    let (version, commit) = word.rsplit_once('-').unwrap_or((word, ""));
    let is_commit = commit.len() >= 7 && commit.bytes().all(|byte| byte.is_ascii_hexdigit());
    Some(if is_commit { version } else { word }.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_tools_print() {
        for (text, expected) in [
            ("git version 2.39.5\n", Some("2.39.5")),
            ("git version 2.39.5 (Apple Git-154)\n", Some("2.39.5")),
            ("nix (Nix) 2.8.0\n", Some("2.8.0")),
            ("nix (Determinate Nix 3.6.2) 2.29.0\n", Some("2.29.0")),
            ("psql (PostgreSQL) 15.13 (Debian 15.13-0+deb12u1)\n", Some("15.13")),
            ("v20.20.2\n", Some("20.20.2")),
            ("Python 3.13.0rc1\n", Some("3.13.0rc1")),
            ("2.32.1\n", Some("2.32.1")),
            ("v0.14.0-31da9b4\n", Some("0.14.0")),
            ("asdf version v0.16.7 (revision 0d0d0d0)\n", Some("0.16.7")),
            ("2024.11.4 linux-x64 (2024-11-04)\n", Some("2024.11.4")),
            ("", None),
            ("no version", None),
            (")(((", None),
            ("1", None),
        ] {
            assert_eq!(version(text).as_deref(), expected, "{text}");
        }
    }

    proptest::proptest! {
        #[test]
        fn no_output_is_too_odd(text in r"([()v.\-é \n]|[0-9a-f]{1,9})*") {
            let _ = version(&text);
        }
    }
}
