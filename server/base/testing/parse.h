// Messages for tests, in protobuf's text format.
//
//   const auto answer = Parse<v1::Answer>("question: 'recommend' score: 9");
#ifndef CANVASS_SERVER_BASE_TESTING_PARSE_H_
#define CANVASS_SERVER_BASE_TESTING_PARSE_H_

#include <google/protobuf/text_format.h>
#include <gtest/gtest.h>

#include <string>

namespace canvass::testing {

// A text that cannot be read fails the test.
template <typename Message>
Message Parse(const std::string& text) {
  Message message;
  EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(text, &message)) << text;
  return message;
}

}  // namespace canvass::testing

#endif  // CANVASS_SERVER_BASE_TESTING_PARSE_H_
