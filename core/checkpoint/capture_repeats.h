#pragma once
// What a capture says more than once: conversations that later ones repeat, and rows of ids that stand for no token of their own.

#include <cstdint>
#include <vector>

#include "core/checkpoint/capture.h"

namespace moescope {

/// A token range that one response gave.
struct CapturedConversation {
  std::int64_t first = 0, tokens = 0;
};

/// Takes out every conversation that another one begins with, as when each turn repeats the conversation so far: the tokens stay
/// once, and an answer stays an answer though a later turn sends it as prompt. Only where chance would give such a beginning in
/// less than one of a thousand captures, given how often two tokens agree. What is taken out, and what several conversations
/// begin with and is left in, is counted in the notes. `conversations` are disjoint, rise and cover all tokens.
void mergeRepeatedConversations(RoutingCapture& capture, const std::vector<CapturedConversation>& conversations);

/// Finds rows for capture.identical and notes them. A run of m tokens that are the same in every layer is named when chance would
/// give so long a run in less than one of a thousand captures, given how often such runs begin elsewhere in it; so is a run at an
/// end of a sequence whose tokens have one and the same set of experts in every layer.
void findIdenticalRows(RoutingCapture& capture);

/// Whether each token is measured; empty: all are.
using CapturedTokens = std::vector<bool>;

/// All but padding, and the first only of other identical rows; empty where there are none of either.
CapturedTokens tokensWithoutIdentical(const RoutingCapture& capture);
/// Tokens of capture.identical.
std::int64_t identicalTokens(const RoutingCapture& capture);

/// Takes out the tokens that tokensWithoutIdentical() leaves out, and says how many. Sequences of which something is left stay
/// apart. Throws std::runtime_error where nothing would be left.
void leaveOutIdenticalRows(RoutingCapture& capture);

}  // namespace moescope
