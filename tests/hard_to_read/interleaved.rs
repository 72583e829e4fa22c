//! Several builds that write at once.

use std::sync::Mutex;

use crate::recorded::{LOGS, Log, findings, known, on_all_processors};

/// The lines of several logs in turn, each behind its prefix, and where the lines of each then stand.
fn in_turn(logs: &[(&Log, &str)], at_once: &[usize]) -> (String, Vec<Vec<u64>>) {
    let mut text = String::new();
    let mut places = vec![Vec::new(); logs.len()];
    let mut rest: Vec<_> = logs.iter().map(|(log, _)| log.text.lines()).collect();
    let mut number = 0;
    let mut turn = 0;
    loop {
        let before = number;
        for (of, lines) in rest.iter_mut().enumerate() {
            for line in lines.by_ref().take(at_once[(turn + of) % at_once.len()]) {
                number += 1;
                places[of].push(number);
                text.push_str(logs[of].1);
                text.push_str(line);
                text.push('\n');
            }
        }
        turn += 1;
        if number == before {
            return (text, places);
        }
    }
}

#[test]
fn each_build_has_a_name() {
    let failed: Vec<&Log> = LOGS.iter().filter(|log| log.first.is_some()).collect();
    let forms: [(&[&str], &[usize]); 5] = [
        (&["hello> ", "other-2.1> "], &[1]),
        (&["web-1  | ", "api-1  | "], &[2, 1]),
        (&["web-1  | ", "api-1  | ", "db-1   | "], &[1, 3, 1]),
        (&["2026-11-22T10:00:00Z hello> ", "2026-11-22T10:00:01Z other> "], &[1, 2]),
        (&["[pod/web-1/app] ", "[pod/web-2/app] "], &[1]),
    ];
    let wrong = Mutex::new(Vec::new());
    on_all_processors(failed.len(), |at| {
        for (names, at_once) in forms {
            // Logs that stand far from each other have little in common.
            let logs: Vec<(&Log, &str)> = names
                .iter()
                .enumerate()
                .map(|(of, name)| (failed[(at + of * failed.len() / names.len()) % failed.len()], *name))
                .collect();
            let (text, places) = in_turn(&logs, at_once);
            let seen: Vec<_> = findings(text.as_bytes()).iter().map(known).collect();
            for ((log, name), places) in logs.iter().zip(&places) {
                let mut expected = log.first.clone().unwrap();
                expected.line = places[usize::try_from(expected.line).unwrap() - 1];
                // One line further up can tell the same of the other build.
                let told = |it: &crate::recorded::Known| {
                    it.rule == expected.rule && it.captures == expected.captures && it.line <= expected.line
                };
                if !seen.iter().any(told) {
                    let same: Vec<_> = seen.iter().filter(|it| it.rule == expected.rule).collect();
                    wrong.lock().unwrap().push(format!(
                        "{} as {name:?} of {names:?}\n  expected {expected:?}\n  seen     {same:?}",
                        log.path.display()
                    ));
                }
            }
        }
    });
    let wrong = wrong.into_inner().unwrap();
    // Of some thousand.
    assert!(wrong.len() <= 70, "{}: {}", wrong.len(), wrong[..wrong.len().min(12)].join("\n"));
}
