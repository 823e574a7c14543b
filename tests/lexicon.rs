//! Every sentence inside a frame is a test: it fires with the arguments beside it, or it stays silent.

use libtest_mimic::{Arguments, Failed, Trial};
use sitrep::{check, engine::Engine, lexicon::Files};
use std::sync::Arc;

fn main() {
    let arguments = Arguments::from_args();
    let files = Files::embedded();
    let engine = match Engine::with(&files, sitrep::linguistics::Profile::default()) {
        Ok(engine) => Arc::new(engine),
        Err(error) => {
            eprintln!("{error}");
            std::process::exit(1);
        }
    };
    let mut trials = vec![Trial::test("every frame is sound", {
        let files = files.clone();
        move || {
            let wrong: Vec<String> = check::structure_of(&files)
                .iter()
                .map(ToString::to_string)
                .collect();
            if wrong.is_empty() {
                Ok(())
            } else {
                Err(Failed::from(wrong.join("\n")))
            }
        }
    })];
    for example in check::examples(&engine, &files) {
        let engine = engine.clone();
        let name = format!(
            "{}:{} {}",
            example.file,
            example.line,
            example.text.chars().take(60).collect::<String>()
        );
        trials.push(Trial::test(name, move || {
            let wrong = example.run(&engine);
            if wrong.is_empty() {
                Ok(())
            } else {
                Err(Failed::from(format!(
                    "{}\n{}",
                    example.text,
                    wrong.join("\n")
                )))
            }
        }));
    }
    libtest_mimic::run(&arguments, trials).exit();
}
