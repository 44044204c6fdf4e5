//! What a person may really write stays as it is.

use super::*;

const TEXTS: &[&str] = &[
    "",
    " ",
    "Hello there.\n",
    " <thin",
    "Use `<think>` for that, and `</think>` behind it.",
    "Use ``a ` <think>`` for that.",
    "He said \"<think>\" and “</think>”.",
    "Write <think> in front of it.",
    "It ends with </think>, always.",
    "You put <|im_start|> in front of each turn and </s> behind it, then more.",
    "1 < 2 and a <| b, x |> f <| y",
    "analysis of the sea",
    "analysis: the sea is blue",
    "commentary on this follows",
    "finally you are here",
    "final words",
    "The final word.",
    "thoughtful of you",
    "thoughts are free",
    "He wrote ### Response: on it.",
    "### Heading\n\n## Another\n\n### Instructions\n\n1. Mix.\n2. Stir.",
    "<b>bold</b> <i>x</i> <s>old</s> new <br/> <a href=\"x\">y</a>",
    "<s>old</s> new",
    "It was <s>bad</s> good",
    "<details><summary>plan</summary>text</details>",
    "An XML: <root><plan>a</plan><reason>b</reason></root>",
    "```html\n<think>x</think>\n<|im_start|>user\nhi<|im_end|>\n```\nThat is ChatML.",
    "```\n[INST] a [/INST]\n```\n\nLlama 2.",
    "```\n</think>\n```\nends it.",
    "Talk to <@123>, <#45>, <:fox:67>, [here](https://a.example) [INST] there",
    "[Inst] [Chorus] la la la",
    "vec![0; n], a[i], x[TH]",
    "请用 `<think>` 标签。\n然后写「</think>」。",
    "分析一下：海是蓝的。analysis 这个词……",
    "你好！\n\n- 一\n- 二\n",
    "user\nand assistant\nare words",
    "The assistant final answer and the assistantanalysis of it",
    "a <- b <= c << d <<< e",
    "if (a<b && c>d) { return a<b; }",
    "I <3 you | me ◁ there",
    "\n\nstarts with empty lines",
    "ends with spaces   ",
    "Don`t <b>worry</b>",
    "USER: a\nBOT: b",
    "The tag <think> opens a thought, and </think> closes it.",
    "Models like R1 put </think> before the answer.",
    "用 <think> 标签包住思考，用 </think> 结束。",
    "思考以</think>，而不是以</thinking>。结束。",
    "I use </think> in prose without any opener, and go on.",
    "R1 ends its thoughts with </think>",
    "Thoughts stand between <think> and </think>, before the answer.",
    "<think> and </think> are the tags.\nYou see?",
    "ChatML:\n- <|im_end|> ends a turn\n- <|im_start|>: begins one",
    "1. <eos> Ends it.\n2. </think> closes it.",
    "Tokens:\n<|im_end|>: the end\n</s> is the end too",
    "A \"<|im_end|>\" and a `</s>`. And more.",
    "The token <|reasoning_start|> opens a thought.",
    "<details><summary>More</summary>thoughts</details>",
    "<details>\nA thought.\n</details>",
    "```think\nnever closed",
    "```py\nx\n```\n",
    "&lt;think&gt; is how HTML writes it.",
    "<analysis> is a tag",
    "<cot>, they say",
    "Behind it <analysis>a</analysis> comes.",
    "The byte <0x0A> is a new line.",
    "{think} about it",
    "Models wrap it in <think>...</think> tags.",
    "Two things:\n\n1. R1 writes <thinking> first.\n2. Then it writes </thinking> and goes on. Ready?",
    "With <think> it begins, with </think> it ends; some write </think> only, and nothing else.",
];

#[test]
fn what_people_write_passes_unchanged() {
    for text in TEXTS {
        for expects in [Expects::Unknown, Expects::Plain] {
            assert_eq!(
                &shown(expects, text, Close::Plain, None),
                text,
                "{expects:?}"
            );
        }
    }
}

#[test]
fn what_people_write_streams_word_by_word() {
    let text = "The sea is <b>blue</b>, and [the sky](https://a.example) is too; 1 < 2.\nYes!";
    let read = read(Expects::Plain, cut(text, 1), Close::Plain);
    assert_eq!(read.pieces, text);
    let mut thoughts = Thoughts::new(Expects::Plain);
    assert_eq!(thoughts.pass("The sea"), "The sea");
    assert_eq!(thoughts.pass(" is blue, 1 <"), " is blue, 1");
    assert_eq!(thoughts.pass(" 2"), " < 2");
}

#[test]
fn the_answer_streams_behind_a_thought() {
    let text = "<think>a plan</think>\n\nThe sea is blue.";
    let read = read(Expects::Unknown, cut(text, 3), Close::Plain);
    assert_eq!(read.pieces, "The sea is blue.");
}
