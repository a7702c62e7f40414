// The libsrtp 3 calls that mediasoup's worker makes, carried out by libsrtp 2.
//
// Most of them have a namesake in libsrtp 2 with other parameters, so they can be C++ overloads of it. Only the name
// srtp_policy_t means different things (2: a struct, 3: a handle) and has to be moved out of the way.
#pragma once

#define srtp_policy_t srtp2_policy_t
#include <srtp2/srtp.h>
#undef srtp_policy_t

#include <cstddef>
#include <cstdint>
#include <cstring>

// Codes that libsrtp 2 does not know and never returns, with libsrtp 3's values.
inline constexpr srtp_err_status_t srtp_err_status_buffer_small{ static_cast<srtp_err_status_t>(28) };
inline constexpr srtp_err_status_t srtp_err_status_cryptex_err{ static_cast<srtp_err_status_t>(29) };

// A policy of libsrtp 2 points at its key; this one owns it as well.
struct OwnedSrtpPolicy
{
	srtp2_policy_t policy{};
	uint8_t key[SRTP_MAX_KEY_LEN]{};
};

using srtp_policy_t = OwnedSrtpPolicy*;

inline srtp_err_status_t srtp_policy_create(srtp_policy_t* created)
{
	*created = new OwnedSrtpPolicy();

	return srtp_err_status_ok;
}

inline void srtp_policy_destroy(srtp_policy_t owned)
{
	delete owned;
}

inline srtp_err_status_t srtp_policy_set_ssrc(srtp_policy_t owned, srtp_ssrc_t ssrc)
{
	owned->policy.ssrc = ssrc;

	return srtp_err_status_ok;
}

inline srtp_err_status_t srtp_policy_set_profile(srtp_policy_t owned, srtp_profile_t profile)
{
	const auto rtp = srtp_crypto_policy_set_from_profile_for_rtp(&owned->policy.rtp, profile);

	if (rtp != srtp_err_status_ok)
	{
		return rtp;
	}

	return srtp_crypto_policy_set_from_profile_for_rtcp(&owned->policy.rtcp, profile);
}

// The worker uses no master key identifier.
inline srtp_err_status_t srtp_policy_add_key(
  srtp_policy_t owned,
  const uint8_t* key,
  size_t keyBytes,
  const uint8_t* salt,
  size_t saltBytes,
  const uint8_t* /*mki*/,
  size_t /*mkiBytes*/)
{
	if (keyBytes > sizeof(owned->key) || saltBytes > sizeof(owned->key) - keyBytes)
	{
		return srtp_err_status_bad_param;
	}

	std::memcpy(owned->key, key, keyBytes);
	std::memcpy(owned->key + keyBytes, salt, saltBytes);
	owned->policy.key = owned->key;

	return srtp_err_status_ok;
}

inline srtp_err_status_t srtp_policy_set_allow_repeat_tx(srtp_policy_t owned, bool allowed)
{
	owned->policy.allow_repeat_tx = allowed ? 1 : 0;

	return srtp_err_status_ok;
}

inline srtp_err_status_t srtp_policy_set_window_size(srtp_policy_t owned, size_t packets)
{
	owned->policy.window_size = static_cast<unsigned long>(packets);

	return srtp_err_status_ok;
}

inline srtp_err_status_t srtp_create(srtp_t* session, srtp_policy_t owned)
{
	return srtp_create(session, &owned->policy);
}

inline srtp_err_status_t srtp_stream_remove(srtp_t session, uint32_t ssrc)
{
	return srtp_remove_stream(session, ssrc);
}

// libsrtp 3 goes from one buffer to another (or the same one), libsrtp 2 in place and without a bound: `growth` is how
// many bytes it may add.
inline srtp_err_status_t convertPacket(
  srtp_err_status_t (*inPlace)(srtp_t, void*, int*),
  srtp_t session,
  const uint8_t* packet,
  size_t packetBytes,
  uint8_t* result,
  size_t* resultBytes,
  size_t growth)
{
	if (packetBytes + growth > *resultBytes)
	{
		return srtp_err_status_buffer_small;
	}

	if (result != packet)
	{
		std::memmove(result, packet, packetBytes);
	}

	auto bytes        = static_cast<int>(packetBytes);
	const auto status = inPlace(session, result, &bytes);

	if (status == srtp_err_status_ok)
	{
		*resultBytes = static_cast<size_t>(bytes);
	}

	return status;
}

inline srtp_err_status_t srtp_protect(
  srtp_t session, const uint8_t* rtp, size_t rtpBytes, uint8_t* srtp, size_t* srtpBytes, size_t /*mkiIndex*/)
{
	return convertPacket(srtp_protect, session, rtp, rtpBytes, srtp, srtpBytes, SRTP_MAX_TRAILER_LEN);
}

inline srtp_err_status_t srtp_protect_rtcp(
  srtp_t session, const uint8_t* rtcp, size_t rtcpBytes, uint8_t* srtcp, size_t* srtcpBytes, size_t /*mkiIndex*/)
{
	return convertPacket(srtp_protect_rtcp, session, rtcp, rtcpBytes, srtcp, srtcpBytes, SRTP_MAX_SRTCP_TRAILER_LEN);
}

inline srtp_err_status_t srtp_unprotect(
  srtp_t session, const uint8_t* srtp, size_t srtpBytes, uint8_t* rtp, size_t* rtpBytes)
{
	return convertPacket(srtp_unprotect, session, srtp, srtpBytes, rtp, rtpBytes, 0);
}

inline srtp_err_status_t srtp_unprotect_rtcp(
  srtp_t session, const uint8_t* srtcp, size_t srtcpBytes, uint8_t* rtcp, size_t* rtcpBytes)
{
	return convertPacket(srtp_unprotect_rtcp, session, srtcp, srtcpBytes, rtcp, rtcpBytes, 0);
}
