//! The marks between which models think, and the marks of chat templates, as data.
//!
//! Where they are from: the reasoning parsers of vLLM (`vllm/reasoning/`) and SGLang (`srt/parser/reasoning_parser.py`),
//! llama.cpp's `common/chat.cpp`, openai/harmony's `docs/format.md`, the presets of SillyTavern
//! (`default/content/presets`), Open WebUI's lists of tags, and reports of what leaked. Angle brackets are compared without
//! regard to case, square ones with it: `[inst]` is how people write "instrumental".

/// Openers and closers that belong together. All spellings of the strong ones close each other, since gateways mix them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Family {
    /// What nothing but a model writes: `<think>`, `[THINK]`, `◁think▷`.
    Think,
    /// A name that XML may have too: a thought only where the text begins with it, and closed.
    Weak(&'static str),
    /// Inkling's and Muse's thoughts, which the end of a message closes.
    Message,
    /// `<|think|>`, `<|thought|>`: a thought if it is closed; for Gemma 4 a token of the prompt, which may leak.
    Bare,
}

/// Tokens of the Harmony format.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Harmony {
    Start,
    Channel,
    Constrain,
    Message,
    End,
    /// `<|return|>` and `<|call|>`: the turn is over.
    Over,
}

/// What a mark does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mark {
    Open(Family),
    Close(Family),
    /// `<answer>` and its like, in which some models wrap what is meant to be read.
    Answer {
        closing: bool,
    },
    /// A special token without meaning for the reader.
    Drop,
    /// The turn, or the text, is over: what follows is the answer only if the model's own turn begins again.
    End,
    /// Stands at the end too, but text may follow.
    Pad,
    /// Begins the text, or the model's own turn.
    Own,
    /// Begins a turn; the name of a role follows.
    Turn,
    /// Begins the turn of someone else.
    Foreign,
    /// `<s>`: begins the text, or strikes it through.
    Strike {
        closing: bool,
    },
    Harmony(Harmony),
    /// A call of a tool: we offer none, so nothing to read can follow.
    Call,
    /// Some other `<|token|>`.
    Stray,
}

/// Names of tags, as in `<think>`, `<think budget="9">`, `</think>`, and Phi-4's `<\think>`.
pub(super) const TAGS: &[(&str, Family)] = &[
    ("think", Family::Think),
    ("thinking", Family::Think),
    ("thought", Family::Think),
    ("thoughts", Family::Think),
    ("reasoning", Family::Think),
    ("seed:think", Family::Think),
    ("mm:think", Family::Think),
    ("antthinking", Family::Think),
    ("antml:thinking", Family::Think),
    ("inner_monologue", Family::Think),
    ("internal_monologue", Family::Think),
    ("thinking_process", Family::Think),
    ("thought_process", Family::Think),
    ("chain_of_thought", Family::Think),
    ("scratchpad", Family::Think),
    ("reasoning_scratchpad", Family::Think),
    ("reason", Family::Weak("reason")),
    ("reflection", Family::Weak("reflection")),
    ("brainstorm", Family::Weak("brainstorm")),
    ("justification", Family::Weak("justification")),
    ("plan", Family::Weak("plan")),
    ("analysis", Family::Weak("analysis")),
    ("internal", Family::Weak("internal")),
    ("cot", Family::Weak("cot")),
];

/// Tags around the answer: Hunyuan, ERNIE 4.5, Granite.
pub(super) const ANSWERS: &[&str] = &["answer", "response"];

/// Tokens that are always written the same way.
pub(super) const TOKENS: &[(&str, Mark)] = &[
    // Thoughts. Kimi-VL, Magistral, OpenThoughts, Cohere, MedGemma, Gemma 4, openPangu, Apertus, Kimi K3, Inkling.
    ("◁think▷", Mark::Open(Family::Think)),
    ("◁/think▷", Mark::Close(Family::Think)),
    ("[THINK]", Mark::Open(Family::Think)),
    ("[/THINK]", Mark::Close(Family::Think)),
    ("[think]", Mark::Open(Family::Think)),
    ("[/think]", Mark::Close(Family::Think)),
    ("[REASONING]", Mark::Open(Family::Think)),
    ("[/REASONING]", Mark::Close(Family::Think)),
    ("<|begin_of_thought|>", Mark::Open(Family::Think)),
    ("<|end_of_thought|>", Mark::Close(Family::Think)),
    ("<|START_THINKING|>", Mark::Open(Family::Think)),
    ("<|END_THINKING|>", Mark::Close(Family::Think)),
    ("<unused94>", Mark::Open(Family::Think)),
    ("<unused95>", Mark::Close(Family::Think)),
    ("<|channel>", Mark::Open(Family::Think)),
    ("<channel|>", Mark::Close(Family::Think)),
    ("<ctrl94>", Mark::Open(Family::Think)),
    ("<ctrl95>", Mark::Close(Family::Think)),
    ("[unused16]", Mark::Open(Family::Think)),
    ("[unused17]", Mark::Close(Family::Think)),
    ("<|inner_prefix|>", Mark::Open(Family::Think)),
    ("<|inner_suffix|>", Mark::Close(Family::Think)),
    ("<|open|>think<|sep|>", Mark::Open(Family::Think)),
    ("<|close|>think<|sep|>", Mark::Close(Family::Think)),
    ("<|content_thinking|>", Mark::Open(Family::Message)),
    ("<|think|>", Mark::Open(Family::Bare)),
    ("<|thinking|>", Mark::Open(Family::Bare)),
    ("<|/think|>", Mark::Close(Family::Think)),
    ("<|/thinking|>", Mark::Close(Family::Think)),
    // Around the answer, or inside a header.
    ("<|begin_of_solution|>", Mark::Drop),
    ("<|end_of_solution|>", Mark::Drop),
    ("<|begin_of_box|>", Mark::Drop),
    ("<|end_of_box|>", Mark::Drop),
    ("<|START_RESPONSE|>", Mark::Drop),
    ("<|END_RESPONSE|>", Mark::Drop),
    ("<|START_TEXT|>", Mark::Drop),
    ("<|END_TEXT|>", Mark::Drop),
    ("<|open|>response<|sep|>", Mark::Drop),
    ("<|close|>response<|sep|>", Mark::Drop),
    ("<|message_model|>", Mark::Drop),
    ("<|content_text|>", Mark::Drop),
    ("<|im_middle|>", Mark::Drop),
    ("<|im_sep|>", Mark::Drop),
    ("<|end_header_id|>", Mark::Drop),
    ("<|role_sep|>", Mark::Drop),
    // Ends. ChatML, Llama, Gemma, Cohere, DeepSeek, GLM, Kimi, Seed, Idefics, Muse, Inkling, and pads.
    ("<|im_end|>", Mark::End),
    ("<im_end>", Mark::End),
    ("<|endoftext|>", Mark::End),
    ("<|end_of_text|>", Mark::End),
    ("<|eot_id|>", Mark::End),
    ("<|eom_id|>", Mark::End),
    ("<|eot|>", Mark::End),
    ("<|eom|>", Mark::End),
    ("<end_of_turn>", Mark::End),
    ("<turn|>", Mark::End),
    ("<|end_of_turn|>", Mark::End),
    ("<|END_OF_TURN_TOKEN|>", Mark::End),
    ("<｜end▁of▁sentence｜>", Mark::End),
    ("<|end▁of▁sentence|>", Mark::End),
    ("<|end_of_sentence|>", Mark::End),
    ("<|end of sentence|>", Mark::End),
    ("<|end_of_msg|>", Mark::End),
    ("<|end_message|>", Mark::End),
    ("<|content_model_end_sampling|>", Mark::End),
    ("<|message_sep|>", Mark::End),
    ("<end_of_utterance>", Mark::End),
    ("<seed:eos>", Mark::End),
    ("<seed:pad>", Mark::Pad),
    ("<eos>", Mark::End),
    ("<eop>", Mark::End),
    ("<pad>", Mark::Pad),
    ("[EOS]", Mark::Pad),
    ("[EOT]", Mark::Pad),
    ("[PAD]", Mark::Pad),
    ("[SEP]", Mark::Pad),
    ("[unused10]", Mark::End),
    ("[/INST]", Mark::Pad),
    ("<</SYS>>", Mark::Pad),
    // Beginnings of the text and of the model's own turn.
    ("<bos>", Mark::Own),
    ("<seed:bos>", Mark::Own),
    ("<|begin_of_text|>", Mark::Own),
    ("<|startoftext|>", Mark::Own),
    ("<｜begin▁of▁sentence｜>", Mark::Own),
    ("<|begin▁of▁sentence|>", Mark::Own),
    ("<|begin_of_sentence|>", Mark::Own),
    ("<BOS_TOKEN>", Mark::Own),
    ("[gMASK]", Mark::Own),
    ("<sop>", Mark::Own),
    ("[CLS]", Mark::Own),
    ("<unk>", Mark::Own),
    ("<|assistant|>", Mark::Own),
    ("<|model|>", Mark::Own),
    ("<|CHATBOT_TOKEN|>", Mark::Own),
    ("<|START_OF_TURN_TOKEN|>", Mark::Own),
    ("<｜Assistant｜>", Mark::Own),
    ("<|im_assistant|>", Mark::Own),
    // Turns.
    ("<|im_start|>", Mark::Turn),
    ("<start_of_turn>", Mark::Turn),
    ("<|start_header_id|>", Mark::Turn),
    ("<|turn>", Mark::Turn),
    ("<|user|>", Mark::Foreign),
    ("<|system|>", Mark::Foreign),
    ("<|observation|>", Mark::Foreign),
    ("<|tool|>", Mark::Foreign),
    ("<|USER_TOKEN|>", Mark::Foreign),
    ("<|SYSTEM_TOKEN|>", Mark::Foreign),
    ("<｜User｜>", Mark::Foreign),
    ("<|im_user|>", Mark::Foreign),
    ("<|im_system|>", Mark::Foreign),
    ("[INST]", Mark::Foreign),
    ("[SYSTEM_PROMPT]", Mark::Foreign),
    ("[AVAILABLE_TOOLS]", Mark::Foreign),
    ("<<SYS>>", Mark::Foreign),
    ("<s>", Mark::Strike { closing: false }),
    ("</s>", Mark::Strike { closing: true }),
    // Harmony.
    ("<|start|>", Mark::Harmony(Harmony::Start)),
    ("<|channel|>", Mark::Harmony(Harmony::Channel)),
    ("<|constrain|>", Mark::Harmony(Harmony::Constrain)),
    ("<|message|>", Mark::Harmony(Harmony::Message)),
    ("<|end|>", Mark::Harmony(Harmony::End)),
    ("<|return|>", Mark::Harmony(Harmony::Over)),
    ("<|call|>", Mark::Harmony(Harmony::Over)),
    // Calls of tools: Kimi K2, Cohere, Mistral, Gemma 4, Llama, DeepSeek, MiniMax, Apertus.
    ("<|tool_calls_section_begin|>", Mark::Call),
    ("<|tool_call_begin|>", Mark::Call),
    ("<|START_ACTION|>", Mark::Call),
    ("[TOOL_CALLS]", Mark::Call),
    ("<|tool_call>", Mark::Call),
    ("<|python_tag|>", Mark::Call),
    ("<｜tool▁calls▁begin｜>", Mark::Call),
    ("<｜DSML｜", Mark::Call),
    ("<｜｜DSML｜｜", Mark::Call),
    ("<‖DSML‖", Mark::Call),
    ("]<]minimax[>[", Mark::Call),
    ("<|tools_prefix|>", Mark::Call),
];

/// Roles of the model itself, behind a token that begins a turn.
pub(super) const OWN_ROLES: &[&str] = &["assistant", "model", "chatbot", "bot", "gpt"];

/// Roles of others.
pub(super) const FOREIGN_ROLES: &[&str] = &[
    "user",
    "human",
    "system",
    "developer",
    "tool",
    "function",
    "observation",
    "ipython",
    "environment",
];

/// Lines that begin the turn of someone else, right behind the end of a turn: the templates of Alpaca and Vicuna, and
/// what is left of ChatML and Llama 3 where the server took the special tokens out.
pub(super) const FOREIGN_LINES: &[&str] = &[
    "### Instruction:",
    "### Input:",
    "### User:",
    "### Human:",
    "USER:",
    "HUMAN:",
    "User:",
    "Human:",
    "user\n",
    "human\n",
    "system\n",
];

/// What may stand in front of an answer and is no part of it.
pub(super) const HEADERS: &[&str] = &[
    "### Response:",
    "### Assistant:",
    "ASSISTANT:",
    "GPT4 Correct Assistant:",
    "assistant\n",
    "model\n",
    // Kimi, behind its token.
    "assistant<|im_middle|>",
    // Functionary.
    ">>>all\n",
    // Muse Glimmer.
    "to=user<|message|>",
    // gemini-3.5-flash behind gateways (livekit/agents#6942): the word alone, never closed.
    "thought\n",
    "thought[]",
    "thought()",
    "thought []",
    "thought ()",
];

/// Thoughts between plain words: what opens them, and what closes them.
pub(super) const WORDS: &[(&str, &[&str])] = &[
    // Granite 3.2; quantised ones contract.
    ("Here is my thought process:", GRANITE),
    ("Here's my thought process:", GRANITE),
    // Harmony whose tokens the server took out (oobabooga/textgen#7374).
    ("assistantanalysis", STRIPPED),
    ("assistantcommentary", STRIPPED),
    ("analysis", STRIPPED),
    ("commentary", STRIPPED),
    // Relays that escape what they pass on, and people's own templates.
    ("&lt;think&gt;", &["&lt;/think&gt;"]),
    ("&lt;thinking&gt;", &["&lt;/thinking&gt;"]),
    ("{think}", &["{/think}"]),
    ("<<think>>", &["<</think>>"]),
    // Gemini behind gateways (can1357/oh-my-pi#8719).
    ("```thinking\n", FENCE),
    ("```thought\n", FENCE),
    ("```think\n", FENCE),
    ("```reasoning\n", FENCE),
];

/// The end of a fence, on a line of its own.
const FENCE: &[&str] = &["\n```\n", "\n```\r\n"];

/// What the summary of a fold speaks of in which chat front ends show thoughts: `<details><summary>Thinking…</summary>`.
pub(super) const FOLDED: &[&str] = &["think", "thought", "reason", "思考", "推理"];
pub(super) const FOLD_ENDS: &[&str] = &["</details>"];

const GRANITE: &[&str] = &["Here is my response:", "Here's my response:"];

/// The channels of stripped Harmony.
pub(super) const STRIPPED: &[&str] = &["assistantfinal"];
pub(super) const STRIPPED_THOUGHTS: &[&str] = &["assistantanalysis", "assistantcommentary"];

/// How thoughts begin that name the person whom the answer is for; no answer does. Tells the first cut reply of an
/// unknown model from a thought whose opener stood in the prompt.
pub(super) const MUSINGS: &[&str] = &[
    "the user",
    "user asks",
    "user says",
    "user wants",
    "user is",
    "thinking process",
    "用户",
];
