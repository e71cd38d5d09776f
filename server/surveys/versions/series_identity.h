// What makes the answers to a question one series of numbers: its kind and scale. Whoever compares versions and whoever
// counts answers ask here, so that both say the same.
//
//   SeriesIdentity(question)   "nps", "csat5", "ces7", "ces5e" (a high score means much effort), "one", "many", "text"
//
// Pure; thread-safe.
#ifndef CANVASS_SERVER_SURVEYS_VERSIONS_SERIES_IDENTITY_H_
#define CANVASS_SERVER_SURVEYS_VERSIONS_SERIES_IDENTITY_H_

#include <string>

#include "canvass/v1/question.pb.h"

namespace canvass::surveys {

// Equal for two questions of one key if and only if their answers are of one series. At most 16 bytes, ASCII; the
// values are in databases, so they may never change. Empty for what takes no answer: statements.
std::string SeriesIdentity(const v1::Question& question);

// The same for people: "csat of 1 to 5", "ces of 1 to 7 where effort is high", "single_choice".
std::string SeriesText(const v1::Question& question);

}  // namespace canvass::surveys

#endif  // CANVASS_SERVER_SURVEYS_VERSIONS_SERIES_IDENTITY_H_
