//! The version of a package that Hex fetched.

/// The version that a `hex_metadata.config` names: `{<<"version">>,<<"1.4.4">>}.`
pub fn hex_version(text: &str) -> Option<String> {
    text.match_indices("<<\"version\">>").find_map(|(at, key)| {
        // Only at the beginning of a term: a package may have a link or an extra field of that name.
        let begins = text[..at].strip_suffix('{')?;
        if !(begins.is_empty() || begins.ends_with('\n')) {
            return None;
        }
        let value = text[at + key.len()..].trim_start().strip_prefix(',')?.trim_start();
        let version = value.strip_prefix("<<\"")?.split_once("\">>")?.0;
        (!version.is_empty()).then(|| version.to_owned())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_version_of_the_package_itself() {
        let text = "{<<\"links\">>,\n [{<<\"version\">>,<<\"9.9.9\">>}]}.\n{<<\"name\">>,<<\"jason\">>}.\n\
                    {<<\"version\">>,<<\"1.4.4\">>}.\n";
        assert_eq!(hex_version(text).as_deref(), Some("1.4.4"));
        assert_eq!(hex_version("{<<\"version\">>, \n <<\"1.0.0-rc.1\">>}.").as_deref(), Some("1.0.0-rc.1"));
        for none in [
            "",
            "{<<\"version\">>",
            "{<<\"version\">>,<<\"",
            "{<<\"version\">>,<<\"\">>}.",
            "<<\"version\">>",
        ] {
            assert_eq!(hex_version(none), None, "{none}");
        }
    }

    proptest::proptest! {
        #[test]
        fn no_text_is_too_odd(text in r#"(\{|<<"version">>|,|<<"|">>|1|é|\n)*"#) {
            let _ = hex_version(&text);
        }
    }
}
