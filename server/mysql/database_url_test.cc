#include "server/mysql/database_url.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "absl/strings/str_cat.h"
#include "server/mysql/testing/test_database.h"

namespace canvass::mysql {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

ConnectOptions Parse(absl::string_view url) {
  const absl::StatusOr<ConnectOptions> options = ParseDatabaseUrl(url);
  EXPECT_TRUE(options.ok()) << url << ": " << options.status();
  return options.value_or(ConnectOptions());
}

std::string ErrorOf(absl::string_view url) {
  const absl::StatusOr<ConnectOptions> options = ParseDatabaseUrl(url);
  EXPECT_FALSE(options.ok()) << url;
  return std::string(options.status().message());
}

TEST(DatabaseUrlTest, ReadsEveryPart) {
  const ConnectOptions options = Parse(
      "mysql://can%40vass:p%3Aa%2Fss@db.example.com:3307/survey%20data?ssl-ca=/etc/ca.pem&ssl-cert=/c&ssl-key=/k");
  EXPECT_EQ(options.user, "can@vass");
  EXPECT_EQ(options.password, "p:a/ss");
  EXPECT_EQ(options.host, "db.example.com");
  EXPECT_EQ(options.port, 3307);
  EXPECT_EQ(options.schema, "survey data");
  EXPECT_EQ(options.ssl_ca, "/etc/ca.pem");
  EXPECT_EQ(options.ssl_cert, "/c");
  EXPECT_EQ(options.ssl_key, "/k");
}

TEST(DatabaseUrlTest, FillsInWhatIsNotSaid) {
  const ConnectOptions options = Parse("mysql://u@localhost/d");
  EXPECT_EQ(options.port, 3306);
  EXPECT_EQ(options.password, "");
  EXPECT_EQ(options.socket, "");
  EXPECT_EQ(Parse("mysql://u@127.0.0.1").schema, "");
  EXPECT_EQ(Parse("mysql://u@[::1]:3308/d").host, "::1");
  EXPECT_EQ(Parse("mysql://u@[::1]:3308/d").port, 3308);
  EXPECT_EQ(Parse("mysql://u:a@b@localhost/d").password, "a@b");
}

TEST(DatabaseUrlTest, ASocketMayBeAnywhere) {
  EXPECT_EQ(Parse("mysql://u@localhost/d?socket=/run/mysqld/mysqld.sock").socket, "/run/mysqld/mysqld.sock");
}

TEST(DatabaseUrlTest, APasswordMayStandInAFile) {
  const testing::TemporaryDirectory directory;
  std::ofstream(directory.path() + "/password") << "s3cret\n";
  EXPECT_EQ(Parse(absl::StrCat("mysql://u@localhost/d?password-file=", directory.path(), "/password")).password,
            "s3cret");
  EXPECT_THAT(ErrorOf("mysql://u@localhost/d?password-file=/nonexistent"), HasSubstr("/nonexistent"));
}

TEST(DatabaseUrlTest, AnotherMachineNeedsEncryptionOrAWord) {
  EXPECT_THAT(ErrorOf("mysql://u:p@db.example.com/d"), HasSubstr("ssl-ca"));
  EXPECT_EQ(Parse("mysql://u@db.example.com/d?ssl=off").ssl_ca, "");
  EXPECT_THAT(ErrorOf("mysql://u@db.example.com/d?ssl=off&ssl-ca=/x"), HasSubstr("contradict"));
  EXPECT_THAT(ErrorOf("mysql://u@localhost/d?ssl-cert=/x&ssl-key=/y"), HasSubstr("ssl-ca"));
  EXPECT_THAT(ErrorOf("mysql://u@localhost/d?ssl-ca=/z&ssl-key=/y"), HasSubstr("together"));
}

TEST(DatabaseUrlTest, SaysWhatIsWrong) {
  EXPECT_THAT(ErrorOf(""), HasSubstr("mysql://"));
  EXPECT_THAT(ErrorOf("postgres://u@h/d"), HasSubstr("mysql://"));
  EXPECT_THAT(ErrorOf("mysql://localhost/d"), HasSubstr("user"));
  EXPECT_THAT(ErrorOf("mysql://@localhost/d"), HasSubstr("user"));
  EXPECT_THAT(ErrorOf("mysql://u@/d"), HasSubstr("host"));
  EXPECT_THAT(ErrorOf("mysql://u@localhost:0/d"), HasSubstr("port '0'"));
  EXPECT_THAT(ErrorOf("mysql://u@localhost:70000/d"), HasSubstr("70000"));
  EXPECT_THAT(ErrorOf("mysql://u@localhost:x/d"), HasSubstr("port 'x'"));
  EXPECT_THAT(ErrorOf("mysql://u@[::1/d"), HasSubstr("]"));
  EXPECT_THAT(ErrorOf("mysql://u%4@localhost/d"), HasSubstr("user"));
  EXPECT_THAT(ErrorOf("mysql://u@localhost/d?sslca=/x"), HasSubstr("'sslca'"));
  EXPECT_THAT(ErrorOf("mysql://u@localhost/d?ssl=on"), HasSubstr("ssl-ca"));
  EXPECT_THAT(ErrorOf("mysql://u@localhost/d?socket="), HasSubstr("socket"));
  EXPECT_THAT(ErrorOf("mysql://u:hunter2@localhost:x/d"), Not(HasSubstr("hunter2")));
}

TEST(DatabaseUrlTest, ADescriptionHidesThePassword) {
  EXPECT_EQ(DescribeDatabase(Parse("mysql://u:hunter2@localhost/d")), "u@localhost:3306/d");
  EXPECT_EQ(DescribeDatabase(Parse("mysql://u@h/d?ssl-ca=/x")), "u@h:3306/d (TLS)");
}

}  // namespace
}  // namespace canvass::mysql
