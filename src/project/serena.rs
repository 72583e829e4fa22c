//! Serena's configuration files.

use super::yaml::{self, Node};
use super::{FormatError, Located};

/// Why Serena refuses a project's `.serena/project.yml`.
pub fn mistakes_in_serena_project(text: &str) -> Vec<Located<String>> {
    mistakes(text, |file| {
        let named = ["languages", "language", "language_servers"].iter().any(|key| file.get(key).is_some());
        // Versions that know no list of languages ask for this key as well.
        (!named).then_some("it names no `languages`")
    })
}

/// Why Serena refuses the user's `serena_config.yml`.
pub fn mistakes_in_serena_config(text: &str) -> Vec<Located<String>> {
    mistakes(text, |file| file.get("projects").is_none().then_some("the key `projects` is missing"))
}

fn mistakes(text: &str, lacks: impl Fn(&Node) -> Option<&'static str>) -> Vec<Located<String>> {
    let remark = |text: &str, offset| vec![Located { value: text.to_owned(), offset }];
    match yaml::parse(text) {
        Ok(file @ Node::Map(_)) => lacks(&file).map(|why| remark(why, 0)).unwrap_or_default(),
        Ok(_) => remark("it must hold keys with values", 0),
        Err(FormatError::Invalid { line, why }) => {
            let before = text.split_inclusive('\n').take(line.saturating_sub(1));
            remark(&why, before.map(str::len).sum())
        }
        Err(too_much) => remark(&too_much.to_string(), 0),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(remarks: Vec<Located<String>>) -> Vec<String> {
        remarks.into_iter().map(|remark| remark.value).collect()
    }

    #[test]
    fn what_serena_refuses() {
        assert_eq!(texts(mistakes_in_serena_project("languages:\n- elixir\nproject_name: app\n")), [""; 0]);
        assert_eq!(texts(mistakes_in_serena_project("language: elixir\n")), [""; 0]);
        assert_eq!(texts(mistakes_in_serena_project("project_name: app\n")), ["it names no `languages`"]);
        assert_eq!(texts(mistakes_in_serena_config("projects: []\n")), [""; 0]);
        assert_eq!(texts(mistakes_in_serena_config("log_level: 20\n")), ["the key `projects` is missing"]);
        assert_eq!(texts(mistakes_in_serena_config("- a")), ["it must hold keys with values"]);
        let wrong = "project_name: app\nlanguages: [elixir\nencoding: utf-8\n";
        let remarks = mistakes_in_serena_project(wrong);
        assert!(remarks[0].value.starts_with("not valid YAML: "), "{remarks:?}");
        assert!(remarks[0].offset > 20, "{remarks:?}");
    }

    proptest::proptest! {
        #[test]
        fn no_text_is_too_odd(text in r#"([\[\]{}:,"'&*|>!%\n -]|projects|a|é)*"#) {
            let _ = (mistakes_in_serena_project(&text), mistakes_in_serena_config(&text));
        }
    }
}
