//! KoboldCpp: `http://127.0.0.1:5001/v1`, read in its source at 2da346a (<https://github.com/LostRuins/koboldcpp>).

use serde_json::{Value, json};

use crate::fault::{Answer, Fault};
use crate::profiles::strict;
use crate::prompt::Dialect;
use crate::reply::Ending;
use crate::ways::{Key, Shelf, Style, UsageAt, Ways};

/// Checks nothing, serves its one model under any name, tells no usage in a stream, and says "null" where it means null
/// (<https://github.com/PowerShell/AIShell/issues/350>). Text that ended at a stop sequence of ours it calls cut
/// (<https://github.com/LostRuins/koboldcpp/issues/2481>). Errors stand in `detail`, which is an object.
pub(crate) const KOBOLDCPP: Ways = Ways {
    dialect: Some(Dialect::OpenAi),
    keys: &[Key::Bearer],
    // `transform_genparams` takes the largest of its names for a repeat penalty, which looks back as far as `rep_pen_range`
    // says (320 tokens where it does not).
    samples: &[
        "temperature",
        "top_p",
        "min_p",
        "presence_penalty",
        "repeat_penalty",
        "repetition_penalty",
        "dry_multiplier",
        "dry_base",
        "dry_allowed_length",
        "dry_penalty_last_n",
    ],
    refuses: &[],
    faults,
    models,
    besides,
    any_name: true,
    style: Style {
        running: Some("null"),
        finish,
        finish_rides: true,
        usage_at: UsageAt::Never,
        ..Style::OPENAI
    },
    ..strict::WAYS
};

fn finish(ending: &Ending) -> &'static str {
    match ending {
        Ending::Length | Ending::Sequence(_) => "length",
        Ending::End | Ending::Refused => "stop",
    }
}

fn faults(fault: &Fault, _: &Shelf) -> Option<Answer> {
    let (status, detail) = match fault {
        Fault::Overloaded => (
            503,
            json!({
                "msg": "Server is busy; please try again later.", "type": "service_unavailable",
            }),
        ),
        Fault::ServerError => (
            500,
            json!({"msg": "Error parsing input.", "type": "bad_input"}),
        ),
        Fault::Authentication => (
            401,
            json!({
                "error": "Unauthorized", "msg": "Authentication key is missing or invalid.", "type": "unauthorized",
            }),
        ),
        _ => return None,
    };
    Some(Answer::json(status, &json!({ "detail": detail })))
}

/// The model's true name, whatever is asked for.
fn models(_: &Shelf) -> Option<Value> {
    let name = "koboldcpp/L3-8B-Stheno";
    Some(json!({"object": "list", "data": [{
        "id": name, "object": "model", "created": 1_750_000_000, "owned_by": "koboldcpp", "permission": [], "root": "koboldcpp",
    }]}))
}

fn besides(path: &str, shelf: &Shelf) -> Option<Value> {
    (path == "/api/extra/true_max_context_length").then(|| json!({"value": shelf.window}))
}
