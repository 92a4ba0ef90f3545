"""Inverse distribution functions in compiled code.

Scalar arithmetic in a stated order, so that the bits do not vary with the processor as
those of vectorised ``exp`` and ``log`` do.
"""

import math

import numpy as np
from numpy.typing import NDArray

from simulator.compiler import compiled

Floats = NDArray[np.float64]
Coefficients = tuple[float, ...]

# The rational approximations of the Cephes library (Stephen L. Moshier, 1989), as
# scipy.special.ndtri uses them: near the middle, in the tails, far out. The highest
# power comes first.
_TAIL = 0.13533528323661269189  # exp(-2)
_FAR = 8.0
_ROOT = 2.50662827463100050242  # of 2 pi
_MIDDLE_TOP = (
    *(-5.99633501014107895267e1, 9.80010754185999661536e1, -5.66762857469070293439e1),
    *(1.39312609387279679503e1, -1.23916583867381258016e0),
)
_MIDDLE_BOTTOM = (
    *(1.0, 1.95448858338141759834e0, 4.67627912898881538453e0),
    *(8.63602421390890590575e1, -2.25462687854119370527e2, 2.00260212380060660359e2),
    *(-8.20372256168333339912e1, 1.59056225126211695515e1, -1.18331621121330003142e0),
)
_TAIL_TOP = (
    *(4.05544892305962419923e0, 3.15251094599893866154e1, 5.71628192246421288162e1),
    *(4.40805073893200834700e1, 1.46849561928858024014e1, 2.18663306850790267539e0),
    *(-1.40256079171354495875e-1, -3.50424626827848203418e-2),
    -8.57456785154685413611e-4,
)
_TAIL_BOTTOM = (
    *(1.0, 1.57799883256466749731e1, 4.53907635128879210584e1),
    *(4.13172038254672030440e1, 1.50425385692907503408e1, 2.50464946208309415979e0),
    *(-1.42182922854787788574e-1, -3.80806407691578277194e-2),
    -9.33259480895457427372e-4,
)
_FAR_TOP = (
    *(3.23774891776946035970e0, 6.91522889068984211695e0, 3.93881025292474443415e0),
    *(1.33303460815807542389e0, 2.01485389549179081538e-1, 1.23716634817820021358e-2),
    *(3.01581553508235416007e-4, 2.65806974686737550832e-6),
    6.23974539184983293730e-9,
)
_FAR_BOTTOM = (
    *(1.0, 6.02427039364742014255e0, 3.67983563856160859403e0),
    *(1.37702099489081330271e0, 2.16236993594496635890e-1, 1.34204006088543189037e-2),
    *(3.28014464682127739104e-4, 2.89247864745380683936e-6),
    6.79019408009981274425e-9,
)


@compiled
def polynomial(x: float, coefficients: Coefficients) -> float:
    """Give the value of a polynomial, the highest power first (Horner)."""
    value = coefficients[0]
    for i in range(1, len(coefficients)):
        value = value * x + coefficients[i]
    return value


@compiled
def middle(off: float) -> float:
    """Give the quantile of the standard normal law near its middle; off is u - 1/2."""
    square = off * off
    top = square * polynomial(square, _MIDDLE_TOP)
    return (off + off * (top / polynomial(square, _MIDDLE_BOTTOM))) * _ROOT


@compiled
def normal(u: float) -> float:
    """Give the quantile of the standard normal law; u in (0, 1)."""
    upper = u > 1.0 - _TAIL
    side = 1.0 - u if upper else u
    if side > _TAIL:
        return middle(side - 0.5)
    x = math.sqrt(-2.0 * math.log(side))
    z = 1.0 / x
    if x < _FAR:
        correction = z * polynomial(z, _TAIL_TOP) / polynomial(z, _TAIL_BOTTOM)
    else:
        correction = z * polynomial(z, _FAR_TOP) / polynomial(z, _FAR_BOTTOM)
    size = x - math.log(x) / x - correction
    return size if upper else -size


@compiled
def exponentials(uniforms: Floats, mean: float) -> Floats:
    """Give quantiles of the exponential law, shape of the uniform numbers."""
    values = np.empty_like(uniforms)
    for i in range(len(uniforms)):
        values[i] = -mean * math.log1p(-uniforms[i])
    return values


@compiled
def normals(uniforms: Floats) -> Floats:
    """Give quantiles of the standard normal law, shape of the uniform numbers."""
    values = np.empty_like(uniforms)
    tails = np.empty(len(uniforms), np.int64)
    found = 0
    # All as if near the middle: no branch, so that several are computed at once.
    for i in range(len(uniforms)):
        values[i] = middle(uniforms[i] - 0.5)
    for i in range(len(uniforms)):
        tails[found] = i
        found += (uniforms[i] <= _TAIL) | (uniforms[i] > 1.0 - _TAIL)
    for i in tails[:found]:
        values[i] = normal(uniforms[i])
    return values


@compiled
def lognormals(uniforms: Floats, mu: float, sigma: float) -> Floats:
    """Give quantiles of exp(mu + sigma z), z standard normal."""
    values = normals(uniforms)
    for i in range(len(values)):
        values[i] = math.exp(mu + sigma * values[i])
    return values
