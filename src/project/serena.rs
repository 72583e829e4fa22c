//! Serena's configuration files.

use serde_yaml::{Mapping, Value};

use super::Remark;

/// No configuration is as large as this.
const LARGEST: usize = 1024 * 1024;

/// Why Serena refuses a project's `.serena/project.yml`.
pub fn mistakes_in_serena_project(text: &str) -> Vec<Remark> {
    mistakes(text, |file| {
        let named = ["languages", "language", "language_servers"].iter().any(|key| file.contains_key(*key));
        // Versions that know no list of languages ask for this key as well.
        (!named).then_some("it names no `languages`")
    })
}

/// Why Serena refuses the user's `serena_config.yml`.
pub fn mistakes_in_serena_config(text: &str) -> Vec<Remark> {
    mistakes(text, |file| (!file.contains_key("projects")).then_some("the key `projects` is missing"))
}

fn mistakes(text: &str, lacks: impl Fn(&Mapping) -> Option<&'static str>) -> Vec<Remark> {
    let remark = |text: String, offset| vec![Remark { text, offset }];
    if text.len() > LARGEST {
        return remark("it is too large to be read".to_owned(), 0);
    }
    match serde_yaml::from_str::<Value>(text) {
        Ok(Value::Mapping(file)) => lacks(&file).map(|why| remark(why.to_owned(), 0)).unwrap_or_default(),
        Ok(_) => remark("it must hold keys with values".to_owned(), 0),
        Err(error) => {
            let offset = error.location().map_or(0, |location| location.index());
            let why = error.to_string();
            let why = why.split(" at line ").next().unwrap_or_default();
            remark(format!("not valid YAML: {why}"), offset)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(remarks: Vec<Remark>) -> Vec<String> {
        remarks.into_iter().map(|remark| remark.text).collect()
    }

    #[test]
    fn what_serena_refuses() {
        assert_eq!(texts(mistakes_in_serena_project("languages:\n- elixir\nproject_name: app\n")), [""; 0]);
        assert_eq!(texts(mistakes_in_serena_project("language: elixir\n")), [""; 0]);
        assert_eq!(texts(mistakes_in_serena_project("project_name: app\n")), ["it names no `languages`"]);
        assert_eq!(texts(mistakes_in_serena_config("projects: []\n")), [""; 0]);
        assert_eq!(texts(mistakes_in_serena_config("log_level: 20\n")), ["the key `projects` is missing"]);
        assert_eq!(texts(mistakes_in_serena_config("")), ["it must hold keys with values"]);
        let wrong = "project_name: app\nlanguages: [elixir\nencoding: utf-8\n";
        let remarks = mistakes_in_serena_project(wrong);
        assert!(remarks[0].text.starts_with("not valid YAML: "), "{remarks:?}");
        assert!(remarks[0].offset > 20, "{remarks:?}");
    }

    proptest::proptest! {
        #[test]
        fn no_text_is_too_odd(text in r#"([\[\]{}:,"'&*|>!%\n -]|projects|a|é)*"#) {
            let _ = (mistakes_in_serena_project(&text), mistakes_in_serena_config(&text));
        }
    }
}
