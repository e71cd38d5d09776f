// What tests of the command line begin with, written as text.
//
//   Parse<v1::Question>("key: 'q' nps {}")
//   ParseSurvey("id: s\ndefault_language: en\n")
//
// A text that does not parse fails the test. Thread-safe: pure functions.
#ifndef CANVASS_CLIENT_CLI_TESTING_PARSE_H_
#define CANVASS_CLIENT_CLI_TESTING_PARSE_H_

#include <google/protobuf/text_format.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "client/cli/documents/resources.h"

namespace canvass::cli {

template <typename Message>
Message Parse(const std::string& text) {
  Message message;
  EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(text, &message)) << text;
  return message;
}

// The survey of a file of `tenants/-`.
inline v1::Survey ParseSurvey(const std::string& yaml) {
  const absl::StatusOr<std::vector<Node>> nodes = ParseYaml(yaml);
  EXPECT_TRUE(nodes.ok()) << nodes.status() << "\n" << yaml;
  if (!nodes.ok()) return {};
  const auto document = ReadSurvey(nodes->front(), {.source = "s", .tenant = "tenants/-"});
  EXPECT_TRUE(document.ok()) << document.status() << "\n" << yaml;
  return document.ok() ? document->message : v1::Survey();
}

}  // namespace canvass::cli

#endif  // CANVASS_CLIENT_CLI_TESTING_PARSE_H_
