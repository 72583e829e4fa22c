//! Versions in the C headers that an interpreter is installed with.

/// Node's, in `node_version.h`.
pub(super) fn node(text: &str) -> Option<String> {
    let part =
        |name: &str| defined(text, name).filter(|value| value.bytes().all(|byte| byte.is_ascii_digit()));
    Some(format!(
        "{}.{}.{}",
        part("NODE_MAJOR_VERSION")?,
        part("NODE_MINOR_VERSION")?,
        part("NODE_PATCH_VERSION")?
    ))
}

/// Python's, in `patchlevel.h`.
pub(super) fn python(text: &str) -> Option<String> {
    let version = defined(text, "PY_VERSION")?.trim_matches('"');
    version.starts_with(|c: char| c.is_ascii_digit()).then(|| version.to_owned())
}

fn defined<'a>(text: &'a str, name: &str) -> Option<&'a str> {
    text.lines().find_map(|line| {
        let mut words = line.strip_prefix('#')?.split_whitespace();
        (words.next() == Some("define") && words.next() == Some(name)).then(|| words.next())?
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_in_headers() {
        let text = "#ifndef X\n#define NODE_MAJOR_VERSION 20\n#define NODE_MINOR_VERSION 11\n#define NODE_PATCH_VERSION 1\n\
                    #define NODE_VERSION_IS_LTS 1\n";
        assert_eq!(node(text).as_deref(), Some("20.11.1"));
        assert_eq!(node("#define NODE_MAJOR_VERSION 20\n"), None);
        assert_eq!(node("#define NODE_MAJOR_VERSION\n#define"), None);
        let text =
            "#define PY_MAJOR_VERSION 3\n/* Version as a string */\n#define PY_VERSION      \t\"3.11.7+\"\n";
        assert_eq!(python(text).as_deref(), Some("3.11.7+"));
        assert_eq!(python("#define PY_VERSION \"\""), None);
    }
}
