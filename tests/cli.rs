//! The program as a person or a script meets it: real processes, pipes and ports.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpListener;
use std::path::Path;
use std::process::{Child, ChildStdout, Command, ExitStatus, Output, Stdio};
use std::time::{Duration, Instant};

const NEWS: &str = r#"{"itemId":"cli-1","source":"wire.example","publishedAt":"2026-03-03T06:42:00Z","language":"en","text":"Russia launched 49 drones at Ukraine overnight, killing three people in Kyiv, Ukrainian officials said on Tuesday."}"#;

fn sitrep(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_sitrep"));
    // What a developer has set must not decide what is tested.
    command
        .args(arguments)
        .env_remove("SITREP_ADDRESS")
        .env_remove("SITREP_TOKEN")
        .env_remove("SITREP_TOKEN_FILE")
        .env("NO_COLOR", "1");
    command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    command
}

/// Runs to the end with the given standard input.
fn run(arguments: &[&str], input: &[u8]) -> Output {
    let mut child = sitrep(arguments)
        .stdin(Stdio::piped())
        .spawn()
        .expect("it starts");
    let mut stdin = child.stdin.take().expect("a pipe");
    let input = input.to_vec();
    let writing = std::thread::spawn(move || stdin.write_all(&input));
    let output = child.wait_with_output().expect("it ends");
    // A command that fails early does not read its input.
    let _ = writing.join().expect("the writer ends");
    output
}

fn stdout(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).expect("UTF-8")
}

fn stderr(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).expect("UTF-8")
}

fn json_lines(output: &Output) -> Vec<serde_json::Value> {
    stdout(output)
        .lines()
        .map(|line| serde_json::from_str(line).expect("a line is JSON"))
        .collect()
}

/// A process that is killed when the test ends, however it ends.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

impl Running {
    fn start(arguments: &[&str]) -> Running {
        Running(sitrep(arguments).spawn().expect("it starts"))
    }

    fn lines(&mut self) -> BufReader<ChildStdout> {
        BufReader::new(self.0.stdout.take().expect("a pipe"))
    }

    /// Ctrl-C.
    fn interrupt(&self) {
        let sent = Command::new("kill")
            .args(["-INT", &self.0.id().to_string()])
            .status()
            .expect("kill runs");
        assert!(sent.success());
    }

    /// How it ended, within the given time.
    fn ended(&mut self, within: Duration) -> ExitStatus {
        let start = Instant::now();
        loop {
            if let Some(status) = self.0.try_wait().expect("it can be waited for") {
                return status;
            }
            assert!(
                start.elapsed() < within,
                "expected it to end within {within:?}"
            );
            std::thread::sleep(Duration::from_millis(20));
        }
    }
}

/// The next line that holds the words; earlier ones are passed over.
fn line_with(lines: &mut impl BufRead, words: &str) -> String {
    let mut seen = String::new();
    loop {
        let mut line = String::new();
        if lines.read_line(&mut line).expect("output is UTF-8") == 0 {
            panic!("expected a line with {words:?}, found:\n{seen}");
        }
        if line.contains(words) {
            return line;
        }
        seen.push_str(&line);
    }
}

fn free_address() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port is free");
    listener
        .local_addr()
        .expect("it has an address")
        .to_string()
}

/// A server that serves.
fn server(address: &str, data: &Path) -> Running {
    let server = Running::start(&[
        "serve",
        "--listen",
        address,
        "--data",
        data.to_str().expect("UTF-8"),
    ]);
    let start = Instant::now();
    while !run(&["healthcheck", "--address", address], b"")
        .status
        .success()
    {
        assert!(
            start.elapsed() < Duration::from_secs(60),
            "expected the server to serve within a minute"
        );
        std::thread::sleep(Duration::from_millis(100));
    }
    server
}

#[test]
fn help_of_every_command_shows_examples() {
    let help = run(&["--help"], b"");
    assert!(help.status.success());
    let commands = [
        "serve",
        "submit",
        "watch",
        "analyze",
        "explain",
        "check",
        "evaluate",
        "demo",
        "healthcheck",
        "token",
    ];
    for command in commands {
        assert!(
            stdout(&help).contains(&format!("  {command}")),
            "expected {command} in the help"
        );
        let help = run(&[command, "--help"], b"");
        assert_eq!(help.status.code(), Some(0), "{command}");
        assert!(
            stdout(&help).contains("Examples:\n  sitrep ") || stdout(&help).contains("| sitrep "),
            "{command}"
        );
    }
}

#[test]
fn a_wrong_command_line_exits_with_2() {
    for wrong in [
        &["fly"][..],
        &["analyze"],
        &["analyze", "--jobs", "0", "-"],
        &["watch", "--status", "maybe"],
        &[],
    ] {
        let output = run(wrong, b"");
        assert_eq!(output.status.code(), Some(2), "{wrong:?}");
        assert!(
            stdout(&output).is_empty() && !stderr(&output).is_empty(),
            "{wrong:?}"
        );
    }
}

#[test]
fn a_missing_file_is_a_failure_that_names_it() {
    let output = run(&["analyze", "no-such-file.jsonl"], b"");
    assert_eq!(output.status.code(), Some(1));
    assert!(
        stderr(&output).contains("no-such-file.jsonl"),
        "{}",
        stderr(&output)
    );
}

#[test]
fn analyze_finds_the_event_and_its_words() {
    let output = run(&["analyze", "-"], NEWS.as_bytes());
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    let answers = json_lines(&output);
    assert_eq!(
        (answers.len(), answers[0]["itemId"].as_str()),
        (1, Some("cli-1"))
    );
    let event = &answers[0]["events"][0];
    assert_eq!(event["type"], "military.strike.drone");
    assert_eq!(event["initiators"][0]["id"], "RUS");
    assert_eq!(
        event["reports"][0]["evidence"]["text"]
            .as_str()
            .map(|text| text.starts_with("Russia")),
        Some(true)
    );
    assert!(answers[0].get("explanation").is_none());
}

#[test]
fn analyze_answers_every_line_in_order_and_fails_at_the_end() {
    let mut input = Vec::new();
    for n in 0..60 {
        match n % 6 {
            0 => input.extend(NEWS.replace("cli-1", &format!("item-{n}")).into_bytes()),
            1 => input.extend(b"{\"itemId\":\"item-1\",\"txet\":\"x\"}"),
            2 => input.extend(b"{\"text\":\"\xff\xfe\"}"),
            3 => input.extend(b"not json at all"),
            4 => input.extend(b"{\"itemId\":\"item-4\",\"text\":\"  \"}"),
            _ => input.extend(
                NEWS.replace("cli-1", &format!("item-{n}"))
                    .replace("Tuesday.", &"Tuesday. ".repeat(900))
                    .into_bytes(),
            ),
        }
        input.push(b'\n');
    }
    let output = run(&["analyze", "--jobs", "7", "-"], &input);
    assert_eq!(output.status.code(), Some(1));
    let answers = json_lines(&output);
    assert_eq!(answers.len(), 60);
    for (n, answer) in answers.iter().enumerate() {
        let warning = |reason: &str, words: &str| {
            let warning = &answer["warnings"][0];
            assert_eq!(warning["reason"], reason, "{answer}");
            assert!(
                warning["message"]
                    .as_str()
                    .is_some_and(|message| message.contains(words)),
                "{answer}"
            );
        };
        match n % 6 {
            1 => warning("ITEM_MALFORMED", "txet"),
            2 => warning("NOT_UTF8", "0xff"),
            3 => warning("ITEM_MALFORMED", "expected"),
            4 => warning("FIELD_INVALID", "text"),
            _ => assert_eq!(answer["itemId"], format!("item-{n}")),
        }
    }
}

#[test]
fn analyze_gives_the_same_bytes_however_many_jobs() {
    let samples = concat!(env!("CARGO_MANIFEST_DIR"), "/samples/ukraine.jsonl");
    let one = run(&["analyze", "--jobs", "1", samples], b"");
    let many = run(&["analyze", "--jobs", "8", samples], b"");
    assert!(one.status.success() && many.status.success());
    assert!(one.stdout == many.stdout && one.stdout.len() > 1_000);
}

#[test]
fn analyze_answers_while_its_input_is_still_open() {
    let mut child = Running(
        sitrep(&["analyze", "-"])
            .stdin(Stdio::piped())
            .spawn()
            .expect("it starts"),
    );
    let mut stdin = child.0.stdin.take().expect("a pipe");
    let mut lines = child.lines();
    for n in 0..3 {
        writeln!(stdin, "{}", NEWS.replace("cli-1", &format!("live-{n}"))).expect("it reads");
        line_with(&mut lines, &format!("live-{n}"));
    }
    drop(stdin);
    assert!(child.ended(Duration::from_secs(10)).success());
}

#[test]
fn a_closed_output_ends_quietly() {
    let mut child = Running(
        sitrep(&["analyze", "-"])
            .stdin(Stdio::piped())
            .spawn()
            .expect("it starts"),
    );
    let mut stdin = child.0.stdin.take().expect("a pipe");
    let writing = std::thread::spawn(move || while writeln!(stdin, "{NEWS}").is_ok() {});
    let mut lines = child.lines();
    line_with(&mut lines, "cli-1");
    drop(lines);
    assert_eq!(child.ended(Duration::from_secs(20)).code(), Some(0));
    writing.join().expect("the writer ends");
    let mut said = String::new();
    child
        .0
        .stderr
        .take()
        .expect("a pipe")
        .read_to_string(&mut said)
        .expect("UTF-8");
    assert_eq!(said, "");
}

#[test]
fn files_are_read_by_their_extension() {
    let folder = tempfile::tempdir().expect("a folder");
    let sentence = "France expelled two Russian diplomats on Monday.";
    std::fs::write(folder.path().join("a.txt"), sentence).expect("written");
    std::fs::write(
        folder.path().join("b.html"),
        format!("<html><body><p>{sentence}</p></body></html>"),
    )
    .expect("written");
    let output = run(
        &[
            "analyze",
            "--published-at",
            "2026-03-03",
            "--source",
            "x.example",
            folder.path().to_str().expect("UTF-8"),
        ],
        b"",
    );
    assert!(output.status.success(), "{}", stderr(&output));
    let answers = json_lines(&output);
    assert_eq!(answers.len(), 2);
    for answer in &answers {
        assert_eq!(
            answer["events"][0]["type"], "diplomatic.downgrade",
            "{answer}"
        );
        assert_eq!(answer["events"][0]["reports"][0]["source"], "x.example");
    }
    let html = &answers[1]["events"][0]["reports"][0]["evidence"];
    assert_eq!(
        html["start"], 15,
        "offsets count in the HTML as it was submitted"
    );
}

#[test]
fn explain_shows_how_a_sentence_was_read() {
    let output = run(
        &["explain", "--input", "text", "-"],
        b"Iran denied attacking the tanker in the Gulf of Oman.",
    );
    assert!(output.status.success(), "{}", stderr(&output));
    let shown = stdout(&output);
    for expected in [
        "Iran denied attacking",
        "nsubj",
        "IRN",
        "diplomatic.denial",
        "Events",
    ] {
        assert!(
            shown.contains(expected),
            "expected {expected:?} in\n{shown}"
        );
    }
}

#[test]
fn check_tells_where_a_lexicon_is_wrong_and_what_was_expected() {
    let folder = tempfile::tempdir().expect("a folder");
    copy(
        Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/lexicon")),
        folder.path(),
    );
    let lexicon = folder.path().to_str().expect("UTF-8");
    assert!(
        stdout(&run(&["check", lexicon], b"")).contains(" frames with "),
        "a lexicon that loads is counted"
    );

    let frame = folder.path().join("frames/diplomatic/visit.toml");
    let mut text = std::fs::read_to_string(&frame).expect("a frame");
    let line = text.lines().count() + 2;
    text.push_str("\n[[rejcets]]\ntext = \"x\"\n");
    std::fs::write(&frame, text).expect("written");
    let broken = run(&["check", lexicon], b"");
    assert_eq!(broken.status.code(), Some(1));
    let expected = format!("frames/diplomatic/visit.toml:{line}: ");
    assert!(
        stdout(&broken).contains(&expected) && stdout(&broken).contains("rejcets"),
        "{}",
        stdout(&broken)
    );

    let nowhere = run(&["check", "no-such-lexicon"], b"");
    assert_eq!(nowhere.status.code(), Some(1));
    assert!(stderr(&nowhere).contains("no-such-lexicon"));
}

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).expect("a folder");
    for entry in std::fs::read_dir(from).expect("it can be listed") {
        let path = entry.expect("it can be listed").path();
        let target = to.join(path.file_name().expect("a name"));
        if path.is_dir() {
            copy(&path, &target);
        } else {
            std::fs::copy(&path, &target).expect("copied");
        }
    }
}

#[test]
fn news_in_events_out_and_on_from_the_cursor_across_a_restart() {
    let folder = tempfile::tempdir().expect("a folder");
    let address = free_address();
    let first = server(&address, folder.path());

    let output = run(
        &["submit", "--address", &address, "-"],
        format!("{NEWS}\n{{\"text\":\"\"}}\nnonsense\n{NEWS}\n").as_bytes(),
    );
    assert_eq!(output.status.code(), Some(1), "{}", stderr(&output));
    let told = stdout(&output);
    let words: Vec<&str> = told
        .lines()
        .filter_map(|line| line.split_whitespace().next())
        .collect();
    assert_eq!(
        words,
        ["accepted", "refused", "refused", "duplicate"],
        "{told}"
    );
    assert!(
        told.lines()
            .next()
            .is_some_and(|line| line.contains("created military.strike.drone")),
        "{told}"
    );

    let all = [
        "watch",
        "--address",
        &address,
        "--json",
        "--from",
        "earliest",
        "--until-caught-up",
    ];
    let before = json_lines(&run(&all, b""));
    assert!(!before.is_empty());
    let cursor = before
        .last()
        .and_then(|message| message["cursor"].as_str())
        .expect("a cursor")
        .to_string();

    first.interrupt();
    let mut first = first;
    assert_eq!(first.ended(Duration::from_secs(10)).code(), Some(0));
    let _second = server(&address, folder.path());

    assert_eq!(
        json_lines(&run(&all, b"")),
        before,
        "a restart loses nothing and repeats nothing"
    );
    let more = "{\"itemId\":\"cli-2\",\"publishedAt\":\"2026-03-04T10:00:00Z\",\"text\":\"France expelled two Russian diplomats on Wednesday.\"}";
    assert!(
        run(&["submit", "--address", &address, "-"], more.as_bytes())
            .status
            .success()
    );
    let on = [
        "watch",
        "--address",
        &address,
        "--json",
        "--from",
        &cursor,
        "--until-caught-up",
    ];
    let after = json_lines(&run(&on, b""));
    assert!(
        !after.is_empty()
            && after
                .iter()
                .all(|message| message["update"]["causedByItemId"] == "cli-2"),
        "{after:?}"
    );

    let line = run(
        &[
            "watch",
            "--address",
            &address,
            "--from",
            "earliest",
            "--max-updates",
            "1",
        ],
        b"",
    );
    assert!(
        stdout(&line).starts_with("created      "),
        "{}",
        stdout(&line)
    );
}

#[test]
fn watch_says_what_is_wrong_with_a_filter() {
    let folder = tempfile::tempdir().expect("a folder");
    let address = free_address();
    let _server = server(&address, folder.path());
    let output = run(
        &["watch", "--address", &address, "--country", "ATLANTIS"],
        b"",
    );
    assert_eq!(output.status.code(), Some(1));
    assert!(
        stderr(&output).contains("ATLANTIS") && stderr(&output).contains("InvalidArgument"),
        "{}",
        stderr(&output)
    );
}

#[test]
fn watch_comes_back_when_the_server_does() {
    let folder = tempfile::tempdir().expect("a folder");
    let address = free_address();
    let mut first = server(&address, folder.path());
    let mut watch = Running::start(&[
        "watch",
        "--address",
        &address,
        "--json",
        "--progress",
        "--from",
        "earliest",
    ]);
    let mut lines = watch.lines();
    line_with(&mut lines, "progress");
    first.interrupt();
    first.ended(Duration::from_secs(10));
    let _second = server(&address, folder.path());
    assert!(
        run(&["submit", "--address", &address, "-"], NEWS.as_bytes())
            .status
            .success()
    );
    line_with(&mut lines, "cli-1");
    watch.interrupt();
    assert_eq!(watch.ended(Duration::from_secs(10)).code(), Some(0));
}

#[test]
fn submit_fails_at_once_where_nobody_listens() {
    let output = run(
        &["submit", "--address", &free_address(), "-"],
        NEWS.as_bytes(),
    );
    assert_eq!(output.status.code(), Some(1));
    assert!(
        stderr(&output).contains("Unavailable"),
        "{}",
        stderr(&output)
    );
}

#[test]
fn a_configuration_that_cannot_be_used_names_file_and_line() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("sitrep.toml");
    std::fs::write(&path, "# limits\nliten = \"127.0.0.1:1\"\n").expect("written");
    let output = run(&["serve", "--config", path.to_str().expect("UTF-8")], b"");
    assert_eq!(output.status.code(), Some(1));
    let said = stderr(&output);
    assert!(
        said.contains("liten") && said.contains("sitrep.toml") && said.contains('2'),
        "{said}"
    );
}

#[test]
fn demo_shows_events_serves_on_and_ends_cleanly() {
    // The usual port may be taken; then the demo takes another and says so.
    let taken = TcpListener::bind("127.0.0.1:50051");
    let mut demo = Running::start(&["demo"]);
    let mut lines = demo.lines();
    line_with(&mut lines, "created ");
    let line = line_with(&mut lines, "grpcurl -plaintext");
    let address = line
        .split_whitespace()
        .find(|word| word.starts_with("127.0.0.1:"))
        .expect("an address")
        .to_string();
    assert!(taken.is_err() || address != "127.0.0.1:50051");
    assert!(
        run(&["healthcheck", "--address", &address], b"")
            .status
            .success()
    );
    demo.interrupt();
    assert_eq!(demo.ended(Duration::from_secs(10)).code(), Some(0));
}

#[test]
fn beyond_loopback_serve_asks_for_a_word_before_it_binds() {
    let data = tempfile::tempdir().expect("a folder");
    let path = data.path().join("data");
    let arguments = [
        "serve",
        "--listen",
        "0.0.0.0:0",
        "--data",
        path.to_str().expect("UTF-8"),
    ];
    let output = run(&arguments, b"");
    assert_eq!(output.status.code(), Some(1));
    assert!(
        stderr(&output).contains("--allow-unauthenticated"),
        "{}",
        stderr(&output)
    );
    let output = run(
        &[&arguments[..], &["--allow-unauthenticated"]].concat(),
        b"",
    );
    assert_eq!(output.status.code(), Some(1));
    assert!(
        stderr(&output).contains("--allow-plaintext"),
        "{}",
        stderr(&output)
    );
    assert!(!path.exists());
}

/// The whole way with a token, and a log that says everything it can: neither token nor words of an item are in it.
#[test]
fn a_token_opens_the_service_and_no_log_holds_it_or_the_news() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = |name: &str| folder.path().join(name).to_str().expect("UTF-8").to_owned();
    let token = |name: &str, scopes: &[&str]| {
        let mut arguments = vec!["token", "--name", name, "--file"];
        let credentials = file("credentials.toml");
        arguments.push(&credentials);
        for scope in scopes {
            arguments.extend(["--scope", scope]);
        }
        let output = run(&arguments, b"");
        assert!(output.status.success(), "{}", stderr(&output));
        stdout(&output).trim().to_owned()
    };
    let desk = token("desk", &["intake", "feed"]);
    let kept = std::fs::read_to_string(file("credentials.toml")).expect("it is there");
    assert!(kept.contains("blake3:") && !kept.contains(&desk));
    // The same name again is refused before a token is shown.
    let again = [
        "token",
        "--name",
        "desk",
        "--scope",
        "feed",
        "--file",
        &file("credentials.toml"),
    ];
    let output = run(&again, b"");
    assert!(!output.status.success() && stdout(&output).is_empty());

    let address = free_address();
    let log = std::fs::File::create(file("log")).expect("a file");
    let mut server = sitrep(&["serve", "--listen", &address, "--data", &file("data")]);
    server
        .args(["--log-level", "trace"])
        .env("SITREP_AUTH_CREDENTIALS", file("credentials.toml"))
        .stderr(log);
    let server = Running(server.spawn().expect("it starts"));
    let with = |token: &str, arguments: &[&str], input: &[u8]| {
        let path = file("token");
        std::fs::write(&path, token).expect("it can be written");
        let shown = ["--address", &address, "--token-file", &path];
        run(&[arguments, &shown].concat(), input)
    };
    let start = Instant::now();
    while !with(&desk, &["healthcheck"], b"").status.success() {
        assert!(
            start.elapsed() < Duration::from_secs(60),
            "it serves within a minute"
        );
        std::thread::sleep(Duration::from_millis(100));
    }
    let output = run(&["healthcheck", "--address", &address], b"");
    assert!(
        stderr(&output).contains("CREDENTIALS_MISSING"),
        "{}",
        stderr(&output)
    );
    let output = with("sitrep_guessed", &["healthcheck"], b"");
    assert!(
        stderr(&output).contains("CREDENTIALS_INVALID"),
        "{}",
        stderr(&output)
    );
    let output = with(&desk, &["submit", "-"], NEWS.as_bytes());
    assert!(stdout(&output).contains("accepted"), "{}", stderr(&output));
    let watch = ["watch", "--from", "earliest", "--until-caught-up"];
    let output = with(&desk, &watch, b"");
    assert!(stdout(&output).contains("Russia"), "{}", stderr(&output));

    // A token that is made while it runs is good after SIGHUP, which ends nothing.
    let late = token("late", &["feed"]);
    let hangup = Command::new("kill")
        .args(["-HUP", &server.0.id().to_string()])
        .status();
    assert!(hangup.expect("kill runs").success());
    let start = Instant::now();
    while !with(&late, &watch, b"").status.success() {
        assert!(
            start.elapsed() < Duration::from_secs(8),
            "it is read again at once"
        );
        std::thread::sleep(Duration::from_millis(100));
    }
    drop(server);
    let log = std::fs::read_to_string(file("log")).expect("UTF-8");
    assert!(log.contains("a call was refused") && log.contains("read again after a change"));
    for secret in [
        &desk,
        &late,
        "guessed",
        "launched 49 drones",
        "Ukrainian officials",
    ] {
        assert!(!log.contains(secret), "{secret} is in the log");
    }
}
