// SPDX-FileCopyrightText: 2026 The Freshen authors
// SPDX-License-Identifier: MIT

#include "lib/signing/expandedkey.h"

#include <algorithm>
#include <initializer_list>
#include <memory>

#include <openssl/bn.h>
#include <openssl/evp.h>

namespace Freshen {

namespace {

using Platform::Bytes;
using Scalar = std::array<std::uint8_t, 32>;

// Only a publisher's own tool computes with these numbers, so their timing has no audience. Where
// memory is out the result is wrong, and the caller finds that it does not verify.
class Number
{
public:
    Number()
        : m_number(BN_secure_new())
    {
    }
    explicit Number(unsigned value)
        : Number()
    {
        BN_set_word(get(), value);
    }
    explicit Number(const char *hex)
        : Number()
    {
        BIGNUM *number = get();
        BN_hex2bn(&number, hex);
    }
    static Number fromBytes(Bytes littleEndian)
    {
        Number number;
        BN_lebin2bn(littleEndian.data(), int(littleEndian.size()), number.get());
        return number;
    }

    BIGNUM *get() const { return m_number.get(); }
    Scalar bytes() const
    {
        Scalar bytes{};
        BN_bn2lebinpad(get(), bytes.data(), int(bytes.size()));
        return bytes;
    }

private:
    struct Deleter {
        void operator()(BIGNUM *number) const { BN_clear_free(number); }
    };
    std::unique_ptr<BIGNUM, Deleter> m_number;
};

// Arithmetic modulo one number.
class Modulus
{
public:
    explicit Modulus(const char *hex)
        : m_modulus(hex)
        , m_context(BN_CTX_secure_new())
    {
    }

    Number add(const Number &a, const Number &b) const
    {
        Number sum;
        BN_mod_add(sum.get(), a.get(), b.get(), m_modulus.get(), m_context.get());
        return sum;
    }
    Number subtract(const Number &a, const Number &b) const
    {
        Number difference;
        BN_mod_sub(difference.get(), a.get(), b.get(), m_modulus.get(), m_context.get());
        return difference;
    }
    Number multiply(const Number &a, const Number &b) const
    {
        Number product;
        BN_mod_mul(product.get(), a.get(), b.get(), m_modulus.get(), m_context.get());
        return product;
    }
    Number divide(const Number &a, const Number &b) const
    {
        Number inverse;
        BN_mod_inverse(inverse.get(), b.get(), m_modulus.get(), m_context.get());
        return multiply(a, inverse);
    }
    Number reduce(const Number &a) const { return multiply(a, Number(1u)); }

private:
    struct Deleter {
        void operator()(BN_CTX *context) const { BN_CTX_free(context); }
    };
    Number m_modulus;
    std::unique_ptr<BN_CTX, Deleter> m_context;
};

struct Point {
    Number x;
    Number y;
};

// The twisted Edwards curve -x² + y² = 1 + dx²y² over 2^255 - 19.
class Curve
{
public:
    // The base point times a number of 256 bits, encoded.
    Scalar multiplyBase(const Number &factor) const
    {
        // The ladder does the same steps for every bit.
        Point low = {Number(0u), Number(1u)};
        Point high = {Number(baseX), Number(baseY)};
        for (int bit = 255; bit >= 0; --bit) {
            Point sum = add(low, high);
            const bool isSet = BN_is_bit_set(factor.get(), bit) != 0;
            Point &doubled = isSet ? high : low;
            doubled = add(doubled, doubled);
            (isSet ? low : high) = std::move(sum);
        }
        return encoded(low);
    }

private:
    static constexpr const char
        *baseX = "216936D3CD6E53FEC0A4E231FDD6DC5C692CC7609525A7B2C9562D608F25D51A";
    static constexpr const char
        *baseY = "6666666666666666666666666666666666666666666666666666666666666658";

    Point add(const Point &p, const Point &q) const
    {
        const Number crossXy = m_field.multiply(p.x, q.y);
        const Number crossYx = m_field.multiply(p.y, q.x);
        const Number one(1u);
        const Number t = m_field.multiply(m_d, m_field.multiply(crossXy, crossYx));
        const Number x = m_field.add(crossXy, crossYx);
        const Number y = m_field.add(m_field.multiply(p.y, q.y), m_field.multiply(p.x, q.x));
        return {m_field.divide(x, m_field.add(one, t)),
                m_field.divide(y, m_field.subtract(one, t))};
    }

    static Scalar encoded(const Point &point)
    {
        Scalar bytes = point.y.bytes();
        if (BN_is_odd(point.x.get()))
            bytes.back() |= 0x80;
        return bytes;
    }

    Modulus m_field{"7FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFED"};
    Number m_d{"52036CEE2B6FFE738CC740797779E89800700A4D4141D8AB75EB4DCA135978A3"};
};

// SHA-512 of the parts in a row, as a number.
Number hashed(std::initializer_list<Bytes> parts)
{
    std::array<std::uint8_t, 64> hash{};
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    EVP_DigestInit_ex(context, EVP_sha512(), nullptr);
    for (const Bytes part : parts)
        EVP_DigestUpdate(context, part.data(), part.size());
    EVP_DigestFinal_ex(context, hash.data(), nullptr);
    EVP_MD_CTX_free(context);
    return Number::fromBytes(hash);
}

} // namespace

std::array<std::uint8_t, 32> publicKeyOfExpanded(Bytes expandedKey)
{
    return Curve().multiplyBase(Number::fromBytes(expandedKey.first(32)));
}

Trust::Signature signWithExpanded(Bytes expandedKey, const Trust::PublicKey &publicKey,
                                  Bytes message)
{
    const Modulus order("1000000000000000000000000000000014DEF9DEA2F79CD65812631A5CF5D3ED");
    const Number secret = Number::fromBytes(expandedKey.first(32));
    const Number nonce = order.reduce(hashed({expandedKey.subspan(32), message}));
    const Scalar r = Curve().multiplyBase(nonce);
    const Number challenge = hashed({r, publicKey.bytes(), message});
    const Scalar s = order.add(nonce, order.multiply(challenge, secret)).bytes();

    Trust::Signature signature{};
    std::copy(r.begin(), r.end(), signature.begin());
    std::copy(s.begin(), s.end(), signature.begin() + r.size());
    return signature;
}

} // namespace Freshen
