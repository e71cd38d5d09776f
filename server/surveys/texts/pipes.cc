#include "server/surveys/texts/pipes.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"

namespace canvass::surveys {
namespace {

constexpr absl::string_view kOpen = "{{";
constexpr absl::string_view kClose = "}}";
constexpr absl::string_view kEscapedOpen = "\\{{";
constexpr std::size_t kMaxPipedCharacters = 200;

// A text taken apart: plain pieces, escaped braces and pipes, in their order.
struct Piece {
  enum class Kind { kPlain, kEscapedOpen, kPipe };
  Kind kind;
  absl::string_view whole;  // as it stands in the text
  Pipe pipe = {};
};

Pipe ParsePipe(absl::string_view inner) {
  const std::size_t bar = inner.find('|');
  return {.path = absl::StripAsciiWhitespace(inner.substr(0, bar)),
          .fallback = bar == absl::string_view::npos ? "" : inner.substr(bar + 1),
          .has_fallback = bar != absl::string_view::npos};
}

std::vector<Piece> PiecesOf(absl::string_view text) {
  std::vector<Piece> pieces;
  while (!text.empty()) {
    const std::size_t open = text.find(kOpen);
    const std::size_t close = open == absl::string_view::npos ? open : text.find(kClose, open);
    const bool escaped = open != absl::string_view::npos && open > 0 && text[open - 1] == '\\';
    if (open == absl::string_view::npos || (close == absl::string_view::npos && !escaped)) {
      pieces.push_back({Piece::Kind::kPlain, text});
      break;
    }
    const std::size_t start = escaped ? open - 1 : open;
    if (start > 0) pieces.push_back({Piece::Kind::kPlain, text.substr(0, start)});
    if (escaped) {
      pieces.push_back({Piece::Kind::kEscapedOpen, text.substr(start, kEscapedOpen.size())});
      text.remove_prefix(start + kEscapedOpen.size());
      continue;
    }
    const absl::string_view inner = text.substr(open + kOpen.size(), close - open - kOpen.size());
    pieces.push_back({Piece::Kind::kPipe, text.substr(open, close + kClose.size() - open), ParsePipe(inner)});
    text.remove_prefix(close + kClose.size());
  }
  return pieces;
}

}  // namespace

std::vector<Pipe> PipesOf(absl::string_view text) {
  std::vector<Pipe> pipes;
  if (!absl::StrContains(text, kOpen)) return pipes;
  for (const Piece& piece : PiecesOf(text)) {
    if (piece.kind == Piece::Kind::kPipe) pipes.push_back(piece.pipe);
  }
  return pipes;
}

bool HasOpenPipe(absl::string_view text) {
  const std::vector<Piece> pieces = PiecesOf(text);
  return !pieces.empty() && pieces.back().kind == Piece::Kind::kPlain && absl::StrContains(pieces.back().whole, kOpen);
}

std::string FillPipes(absl::string_view text, absl::FunctionRef<PipeValue(absl::string_view path)> value) {
  if (!absl::StrContains(text, kOpen)) return std::string(text);
  const std::vector<Piece> pieces = PiecesOf(text);
  std::vector<PipeValue> values;
  for (const Piece& piece : pieces) {
    if (piece.kind == Piece::Kind::kPipe) values.push_back(value(piece.pipe.path));
  }
  // What stays a text with pipes is read again: what is put in now must not be taken for one then.
  const bool again = std::any_of(values.begin(), values.end(),
                                 [](const PipeValue& each) { return each.kind == PipeValue::Kind::kLater; });
  const auto filled = [&](absl::string_view put_in) {
    return again ? absl::StrReplaceAll(put_in, {{kOpen, kEscapedOpen}}) : std::string(put_in);
  };
  std::string result;
  auto next = values.begin();
  for (const Piece& piece : pieces) {
    if (piece.kind == Piece::Kind::kPlain) {
      absl::StrAppend(&result, piece.whole);
    } else if (piece.kind == Piece::Kind::kEscapedOpen) {
      absl::StrAppend(&result, again ? kEscapedOpen : kOpen);
    } else {
      const PipeValue& put_in = *next++;
      absl::StrAppend(&result, put_in.kind == PipeValue::Kind::kLater  ? std::string(piece.whole)
                               : put_in.kind == PipeValue::Kind::kText ? filled(put_in.text)
                                                                       : filled(piece.pipe.fallback));
    }
  }
  return result;
}

std::string PipedText(absl::string_view fact) {
  std::string text;
  std::size_t characters = 0;
  for (std::size_t i = 0; i < fact.size(); ++i) {
    const auto byte = static_cast<unsigned char>(fact[i]);
    const bool starts_character = (byte & 0xC0) != 0x80;
    // U+0080 to U+009F are C2 80 to C2 9F.
    const bool wide_control = byte == 0xC2 && i + 1 < fact.size() && static_cast<unsigned char>(fact[i + 1]) < 0xA0;
    if (absl::ascii_iscntrl(byte) || wide_control) {
      text += ' ';
      ++characters;
      if (wide_control) ++i;
      continue;
    }
    if (starts_character && characters++ == kMaxPipedCharacters) break;
    text += fact[i];
  }
  return text;
}

}  // namespace canvass::surveys
