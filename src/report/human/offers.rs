//! What the remedies of rules could do, for a person who is to trust them.

use owo_colors::Style;

use super::layout::{Block, Look};
use crate::plan::command_line;
use crate::report::page::{Part, offer};
use crate::rules::{Action, Need, Remedy, Rule, Template};
use crate::visible::visible;

/// Draws each rule with its remedies: every command, every path and every risk. Nothing in them is obeyed by a terminal.
pub fn draw_offers<'r>(rules: impl Iterator<Item = &'r Rule>, look: Look) -> String {
    let mut out = String::new();
    for rule in rules {
        out.push_str(&Block::new(look).marked("-").aside("rule", &rule.id).text(&visible(rule.title.trim())));
        for remedy in &rule.remedies {
            draw(&mut out, remedy, look);
        }
        out.push('\n');
    }
    out
}

fn draw(out: &mut String, remedy: &Remedy, look: Look) {
    let label = match &remedy.action {
        Action::Run(_) => "run",
        Action::Edit(_) => "edit",
        Action::Remove(_) => "remove",
        Action::Track(_) => "track",
        Action::Tell(_) => "tell",
    };
    let risk = format!("[{}]", remedy.risk);
    let title = visible(remedy.title.0.trim());
    out.push_str(&Block::new(look).label(label).aside("risk", &risk).text(&title));
    let below = || Block::new(look).below_label();
    let command = |argv: &[Template], before: &str| {
        let argv: Vec<String> = argv.iter().map(|word| word.0.clone()).collect();
        let line = format!("{before}{}", command_line(&argv));
        below().word("command").style(Style::new().cyan()).text(&visible(&line))
    };
    match &remedy.action {
        Action::Tell(_) => return,
        Action::Run(run) => {
            out.push_str(&command(&run.argv, ""));
            out.extend(run.undo.iter().map(|argv| command(argv, "undo: ")));
        }
        Action::Edit(_) | Action::Remove(_) | Action::Track(_) => {}
    }
    for part in offer(remedy) {
        if let Part::Text(text) = part {
            out.push_str(&below().text(&visible(&text)));
        }
    }
    let needs: Vec<&str> =
        Need::ALL.iter().filter(|(_, need)| remedy.needs.contains(need)).map(|(name, _)| *name).collect();
    if !needs.is_empty() {
        out.push_str(&below().text(&format!("Needs {}.", needs.join(" and "))));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::Detail;
    use crate::rules::{Source, read_rule};

    const RULE: &str = r#"id: jammed
title: "It \e[2J jams"
severity: error
family: house
since: 0.1.0
explanation: E
symptoms: ['jammed at (?<place>\S+)']
remedies:
  - {title: Oil it, risk: user, run: [oil, "${place}", "a b", "\e]0;x\a"], undo: [wipe, "it off"], needs: [root]}
  - {title: Name it, risk: project, edit: {find: "${place}", replace: "here", in: ["*.nix"]}}
  - {title: Drop it, risk: cache, remove: ["~/.cache/jam", "_build"]}
  - {title: Wait, tell: A while.}
examples: [jammed at noon]
"#;

    #[test]
    fn every_command_path_and_risk_is_shown_and_no_escape_is_obeyed() {
        let rule = read_rule(Source { name: "r".to_owned(), text: RULE.to_owned() }, "jammed", None).unwrap();
        let look = Look::new(100, Detail::Normal);
        let drawn = draw_offers([&rule.rule].into_iter(), look);
        let plain = anstream::adapter::strip_str(&drawn).to_string();
        for line in [
            r"- It \u{1b}[2J jams",
            r"oil '${place}' 'a b' '\u{1b}]0;x\u{7}'",
            "undo: wipe 'it off'",
            "Needs root.",
            "Replaces `${place}` by `here` in `*.nix`.",
            "Moves `~/.cache/jam`, `_build` into the backup.",
            "tell       Wait",
        ] {
            assert!(plain.contains(line), "{line} is not in\n{plain}");
        }
        for risk in ["[user]", "[project]", "[cache]", "[none]"] {
            assert!(plain.contains(risk), "{risk} is not in\n{plain}");
        }
    }
}
