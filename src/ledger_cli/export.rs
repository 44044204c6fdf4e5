//! `familiar ledger export`: every call with the windows that it counts in, as CSV or JSON Lines.

use std::fs::{File, OpenOptions};
use std::io::{self, BufWriter, ErrorKind, Write};
use std::path::Path;
use std::process::ExitCode;

use anyhow::{Context as _, bail};
use chrono::{DateTime, Days, NaiveDate, Utc};
use ledger::{ExportRow, Ledger, Period};
use tokio::sync::mpsc;

use crate::cli::{ExportArgs, ExportFormat};
use crate::config::Config;
use crate::setup;

/// Rows that wait between the database and the file.
const WAITING: usize = 256;

/// Writes the rows of the days that were asked for.
pub(super) async fn run(
    ledger: &Ledger,
    config: &Config,
    args: &ExportArgs,
) -> anyhow::Result<ExitCode> {
    let Range { from, before } = days(config, args)?;
    let format = args.format;
    let (sender, rows) = mpsc::channel(WAITING);
    let writing = match &args.out {
        Some(path) => {
            let file = new_file(path)?;
            tokio::task::spawn_blocking(move || {
                let file = write(format, &file, rows)?;
                file.sync_all()
            })
        }
        None => tokio::task::spawn_blocking(move || {
            write(format, io::stdout(), rows)?;
            Ok(())
        }),
    };
    // Not both awaited with `?` at once: if the file fails, its side drops the rows and this one ends early.
    let read = ledger.export(from, before, sender).await;
    match writing.await? {
        // `familiar ledger export | head` has seen enough.
        Err(error) if error.kind() == ErrorKind::BrokenPipe && args.out.is_none() => {
            return Ok(ExitCode::SUCCESS);
        }
        written => written.with_context(|| match &args.out {
            Some(path) => format!("I cannot write all of {}", path.display()),
            None => "I cannot write to standard output".to_owned(),
        })?,
    }
    read?;
    if let Some(path) = &args.out {
        println!("The calls are written to {}.", path.display());
    }
    Ok(ExitCode::SUCCESS)
}

/// The moments between which calls were asked for; open where nothing was said.
struct Range {
    from: Option<DateTime<Utc>>,
    before: Option<DateTime<Utc>>,
}

/// From the beginning of the first day until before the end of the last, in the instance's time zone.
fn days(config: &Config, args: &ExportArgs) -> anyhow::Result<Range> {
    if let (Some(from), Some(to)) = (args.from, args.to)
        && to < from
    {
        bail!("--to {to} lies before --from {from}; give the later day as --to");
    }
    let zone = setup::zone(config)?;
    // The day that noon belongs to begins when the ledger says that it does, whatever the clocks do at midnight.
    let beginning = |date: NaiveDate| {
        let noon = date.and_hms_opt(12, 0, 0)?.and_local_timezone(zone);
        Some(ledger::span(Period::Day, zone, noon.earliest()?.to_utc()).start)
    };
    let moment = |date: NaiveDate| {
        beginning(date).with_context(|| format!("{date} is no day in {}", zone.name()))
    };
    let after = |date: NaiveDate| {
        let next = date.checked_add_days(Days::new(1));
        next.and_then(beginning)
            .with_context(|| format!("{date} is no day in {}", zone.name()))
    };
    Ok(Range {
        from: args.from.map(moment).transpose()?,
        before: args.to.map(after).transpose()?,
    })
}

/// Never over an existing file.
fn new_file(path: &Path) -> anyhow::Result<File> {
    OpenOptions::new()
        .write(true)
        .create_new(true)
        .open(path)
        .with_context(|| {
            format!(
                "I cannot write {} (does it exist already? then name another file)",
                path.display()
            )
        })
}

fn write<W: Write>(
    format: ExportFormat,
    out: W,
    mut rows: mpsc::Receiver<ExportRow>,
) -> io::Result<W> {
    match format {
        ExportFormat::Csv => {
            let mut out = csv::Writer::from_writer(out);
            let mut none = true;
            while let Some(row) = rows.blocking_recv() {
                none = false;
                out.serialize(row).map_err(plain)?;
            }
            if none {
                out.write_record(ExportRow::COLUMNS).map_err(plain)?;
            }
            out.into_inner().map_err(csv::IntoInnerError::into_error)
        }
        ExportFormat::Jsonl => {
            let mut out = BufWriter::new(out);
            while let Some(row) = rows.blocking_recv() {
                serde_json::to_writer(&mut out, &row)?;
                out.write_all(b"\n")?;
            }
            out.into_inner().map_err(io::IntoInnerError::into_error)
        }
    }
}

/// The error of the file or pipe below, so that a closed pipe is known as one.
fn plain(error: csv::Error) -> io::Error {
    match error.into_kind() {
        csv::ErrorKind::Io(error) => error,
        other => io::Error::other(format!("{other:?}")),
    }
}
