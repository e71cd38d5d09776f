#include "server/base/text/ascii_domain.h"

#include <gtest/gtest.h>

#include <string>

namespace canvass {
namespace {

TEST(AsciiDomainTest, EncodesWhatIsNotAscii) {
  struct Case {
    const char* domain;
    const char* ascii;
  };
  for (const Case& test :
       {Case{"bücher.example", "xn--bcher-kva.example"}, Case{"mail.münchen.de", "mail.xn--mnchen-3ya.de"},
        Case{"háčkyčárky.cz", "xn--hkyrky-ptac70bc.cz"}, Case{"例え.テスト", "xn--r8jz45g.xn--zckzah"},
        Case{"пример.испытание", "xn--e1afmkfd.xn--80akhbyknj4f"}, Case{"☃.net", "xn--n3h.net"},
        Case{"😀.la", "xn--e28h.la"}}) {
    EXPECT_EQ(AsciiDomain(test.domain), test.ascii);
  }
}

TEST(AsciiDomainTest, LeavesTheRestAsItIs) {
  for (const std::string& domain :
       {std::string("Example.com"), std::string(), std::string("a..b"), std::string("xn--bcher-kva.example"),
        std::string("b\xFC"
                    "cher.example"),
        "ü" + std::string(300, 'x')}) {
    EXPECT_EQ(AsciiDomain(domain), domain);
  }
}

}  // namespace
}  // namespace canvass
